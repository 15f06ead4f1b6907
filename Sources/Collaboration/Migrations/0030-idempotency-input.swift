package import Database

extension Migration {
  /// A key stands for one input: used again with another, it is refused.
  package static let idempotencyInput = Migration(
    30, "idempotency-input",
    up: .each(
      postgres: "ALTER TABLE idempotency_keys ADD COLUMN input_hash bytea;",
      sqlite: "ALTER TABLE idempotency_keys ADD COLUMN input_hash BLOB;"),
    down: .both("ALTER TABLE idempotency_keys DROP COLUMN input_hash;"))
}
