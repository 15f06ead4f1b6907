/// A schema as both dialects can say it: what must be equal between them.
package struct SchemaSummary: Hashable, Sendable, CustomStringConvertible {
  package struct Column: Hashable, Sendable {
    package let name: String
    /// SQLite's storage class, the coarser of the two: `text` for uuids, texts and JSON, `integer` for booleans too.
    package let type: String
    package let isNullable: Bool
  }

  package struct Index: Hashable, Sendable {
    /// Column names, with ` DESC` where they descend; `(expression)` for anything else.
    package let columns: [String]
    package let isUnique: Bool
    package let isPartial: Bool
  }

  package struct ForeignKey: Hashable, Sendable {
    package let columns: [String]
    package let table: String
    package let targets: [String]
    /// `NO ACTION`, `CASCADE`…
    package let onDelete: String
  }

  package struct Table: Hashable, Sendable {
    package let name: String
    package let columns: [Column]
    package let primaryKey: [String]
    /// Without the primary key's; sorted.
    package let indexes: [Index]
    /// Sorted.
    package let foreignKeys: [ForeignKey]
  }

  /// Sorted by name; without `schema_migrations`.
  package let tables: [Table]

  /// Canonical text, one fact a line: what is compared and shown.
  package var description: String {
    tables.map { "table \($0.name)\n" + $0.facts.map { "  \($0)\n" }.joined() }.joined(separator: "\n")
  }
}

extension SchemaSummary.Table {
  /// One line for each column, key and index.
  package var facts: [String] {
    var facts = columns.map { "\($0.name) \($0.type)\($0.isNullable ? "" : " not null")" }
    facts.append("primary key (\(primaryKey.joined(separator: ", ")))")
    facts += indexes.map { index in
      let kind = "\(index.isUnique ? "unique " : "")\(index.isPartial ? "partial " : "")index"
      return "\(kind) (\(index.columns.joined(separator: ", ")))"
    }
    facts += foreignKeys.map { key in
      "foreign key (\(key.columns.joined(separator: ", "))) references \(key.table) "
        + "(\(key.targets.joined(separator: ", "))) on delete \(key.onDelete.lowercased())"
    }
    return facts
  }
}

extension Database {
  /// Everything about the schema that this dialect says, as canonical text: to be committed and compared.
  package func schemaDump() async throws(DatabaseError) -> String {
    let rows = try await read(SchemaQueries.dump)
    var lines: [String] = []
    for row in rows { lines.append(try row.text(0)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What must be equal in both dialects.
  package func schemaSummary() async throws -> SchemaSummary {
    var tables: [SchemaSummary.Table] = []
    let columns = try Dictionary(grouping: await read(SchemaQueries.columns), by: tableName)
    let indexes = try Dictionary(grouping: await read(SchemaQueries.indexes), by: tableName)
    let keys = try Dictionary(grouping: await read(SchemaQueries.foreignKeys), by: tableName)
    for (name, rows) in columns.sorted(by: { $0.key < $1.key }) {
      let primary = try rows.filter { try $0.int("key") > 0 }.sorted { try $0.int("key") < $1.int("key") }
      tables.append(
        SchemaSummary.Table(
          name: name, columns: try rows.map(column), primaryKey: try primary.map { try $0.text("name") },
          indexes: try grouped(indexes[name] ?? []).map(index).sorted { "\($0)" < "\($1)" },
          foreignKeys: try grouped(keys[name] ?? []).map(foreignKey).sorted { "\($0)" < "\($1)" }))
    }
    return SchemaSummary(tables: tables)
  }
}

private func tableName(_ row: Row) throws -> String { try row.text("table_name") }

private func column(_ row: Row) throws -> SchemaSummary.Column {
  SchemaSummary.Column(
    name: try row.text("name"), type: storageClass(try row.text("type")),
    isNullable: try row.int("key") == 0 && row.bool("nullable"))
}

/// Rows that belong to one index or key, which come one after the other.
private func grouped(_ rows: [Row]) throws -> [[Row]] {
  var groups: [[Row]] = []
  for row in rows {
    let identity = try row.value("id")
    if let last = groups.last?.first, try last.value("id") == identity {
      groups[groups.count - 1].append(row)
    } else {
      groups.append([row])
    }
  }
  return groups
}

private func index(_ rows: [Row]) throws -> SchemaSummary.Index {
  var columns: [String] = []
  for row in rows {
    let name = try row.textOrNil("name") ?? "("
    let plain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? name : "(expression)"
    columns.append(try row.bool("descending") ? "\(plain) DESC" : plain)
  }
  return SchemaSummary.Index(
    columns: columns, isUnique: try rows.first?.bool("is_unique") ?? false,
    isPartial: try rows.first?.bool("partial") ?? false)
}

private func foreignKey(_ rows: [Row]) throws -> SchemaSummary.ForeignKey {
  var columns: [String] = []
  var targets: [String] = []
  for row in rows {
    columns.append(try row.text("name"))
    targets.append(try row.text("target_name"))
  }
  return SchemaSummary.ForeignKey(
    columns: columns, table: try rows.first?.text("target") ?? "", targets: targets,
    onDelete: try rows.first?.text("on_delete") ?? "")
}

private func storageClass(_ type: String) -> String {
  switch type.lowercased() {
  case "bigint", "integer", "int", "smallint", "boolean": "integer"
  case "double precision", "real": "real"
  case "bytea", "blob": "blob"
  case "uuid", "text", "jsonb", "json": "text"
  case let other: other
  }
}
