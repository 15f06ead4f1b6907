/// The catalogue, asked in both dialects so that the rows have the same columns.
enum SchemaQueries {
  /// `table_name, name, type, nullable, key` (the column's place in the primary key, from 1; 0 for none).
  static let columns = Query(
    "schema columns",
    postgres: """
      SELECT c.relname AS table_name, a.attname AS name, format_type(a.atttypid, NULL) AS type,
        NOT a.attnotnull AS nullable,
        coalesce(array_position((SELECT k.conkey FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'),
          a.attnum), 0) AS key
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
        AND NOT a.attisdropped AND c.relname <> 'schema_migrations'
      ORDER BY c.relname, a.attnum
      """,
    sqlite: """
      SELECT t.name AS table_name, c.name AS name, c.type AS type, NOT c."notnull" AS nullable, c.pk AS key
      FROM sqlite_master t JOIN pragma_table_info(t.name) c
      WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'schema_migrations'
      ORDER BY t.name, c.cid
      """)

  /// `table_name, id, name, is_unique, partial, descending`, without primary keys.
  static let indexes = Query(
    "schema indexes",
    postgres: """
      SELECT c.relname AS table_name, i.indexrelid AS id,
        trim(both '"' from pg_get_indexdef(i.indexrelid, k.place::int4, true)) AS name, i.indisunique AS is_unique,
        i.indpred IS NOT NULL AS partial, (i.indoption[k.place - 1] & 1) = 1 AS descending
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid,
        LATERAL generate_series(1, i.indnkeyatts::int8) AS k(place)
      WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary AND c.relname <> 'schema_migrations'
      ORDER BY c.relname, i.indexrelid, k.place
      """,
    sqlite: """
      SELECT t.name AS table_name, l.name AS id, x.name AS name, l."unique" AS is_unique, l.partial AS partial,
        x."desc" AS descending
      FROM sqlite_master t JOIN pragma_index_list(t.name) l JOIN pragma_index_xinfo(l.name) x
      WHERE t.type = 'table' AND l.origin <> 'pk' AND x.key = 1 AND t.name NOT LIKE 'sqlite_%'
        AND t.name <> 'schema_migrations'
      ORDER BY t.name, l.name, x.seqno
      """)

  /// `table_name, id, name, target, target_name, on_delete`.
  static let foreignKeys = Query(
    "schema foreign keys",
    postgres: """
      SELECT c.relname AS table_name, k.oid AS id, a.attname AS name, t.relname AS target, b.attname AS target_name,
        CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
          WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END AS on_delete
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid,
        LATERAL generate_series(1, cardinality(k.conkey)) AS p(place)
        JOIN pg_attribute a ON true JOIN pg_attribute b ON true
      WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND a.attrelid = c.oid
        AND a.attnum = k.conkey[p.place] AND b.attrelid = t.oid AND b.attnum = k.confkey[p.place]
      ORDER BY c.relname, k.oid, p.place
      """,
    sqlite: """
      SELECT t.name AS table_name, f.id AS id, f."from" AS name, f."table" AS target,
        coalesce(f."to", (SELECT c.name FROM pragma_table_info(f."table") c WHERE c.pk = f.seq + 1)) AS target_name,
        f.on_delete AS on_delete
      FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
      WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
      ORDER BY t.name, f.id, f.seq
      """)

  /// One line for each fact, in a fixed order.
  static let dump = Query(
    "schema dump",
    postgres: """
      SELECT line FROM (
        SELECT c.relname::text AS owner, 1 AS kind, a.attnum::text AS place,
          c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
            || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line,
          a.attnum AS number
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
          AND NOT a.attisdropped
        UNION ALL
        SELECT c.relname, 2, k.conname, c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid), 0
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT tablename, 3, indexname, indexdef, 0 FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT c.relname, 4, t.tgname, pg_get_triggerdef(t.oid), 0
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
      ) AS facts
      ORDER BY owner COLLATE "C", kind, number, place COLLATE "C"
      """,
    sqlite: """
      SELECT replace(sql, char(10), char(10) || '  ') FROM sqlite_master
      WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
      ORDER BY tbl_name, type DESC, name
      """)
}
