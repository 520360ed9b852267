import { describe, expect, test } from 'vitest'
import { annotate, readAnnotations } from '../../tools/annotations.mjs'

const models = `
model LedgerEntry {
  /// @check amount: "amountMilliPoints" <> 0
  /// what it belongs to
  txId              String @map("tx_id")
  amountMilliPoints BigInt
  /// @deferrable
  tx                Tx     @relation(fields: [txId], references: [id])

  @@map("ledger_entry")
}
`
const constraint =
  'CONSTRAINT "ledger_entry_tx_id_fkey" FOREIGN KEY ("tx_id") REFERENCES "tx" ("id") ON DELETE RESTRICT'

describe('what the models say in comments', () => {
  test('names tables, columns and constraints as the database does', () => {
    expect(readAnnotations(models)).toEqual({
      checks: [{ table: 'ledger_entry', name: 'ledger_entry_amount_check', expression: '"amountMilliPoints" <> 0' }],
      deferrable: ['ledger_entry_tx_id_fkey'],
    })
  })

  test('becomes part of the table on SQLite, also of one that is rebuilt', () => {
    const script = (name: string) => `CREATE TABLE "${name}" (\n    "tx_id" TEXT NOT NULL,\n    ${constraint}\n);\n`
    for (const name of ['ledger_entry', 'new_ledger_entry']) {
      const sql = annotate(script(name), readAnnotations(models))
      expect(sql).toContain(`${constraint} DEFERRABLE INITIALLY DEFERRED,\n`)
      expect(sql).toContain('CONSTRAINT "ledger_entry_amount_check" CHECK ("amountMilliPoints" <> 0)\n);')
    }
  })

  test('becomes part of the table on PostgreSQL, where foreign keys are added afterwards', () => {
    const table =
      'CREATE TABLE "ledger_entry" (\n    "tx_id" TEXT NOT NULL,\n\n    CONSTRAINT "p" PRIMARY KEY ("id")\n);'
    const sql = annotate(`${table}\nALTER TABLE "ledger_entry" ADD ${constraint};\n`, readAnnotations(models))
    expect(sql).toContain(
      'PRIMARY KEY ("id"),\n    CONSTRAINT "ledger_entry_amount_check" CHECK ("amountMilliPoints" <> 0)\n);',
    )
    expect(sql).toContain(`ADD ${constraint} DEFERRABLE INITIALLY DEFERRED;\n`)
  })

  test('leaves other tables as they are', () => {
    const other = 'CREATE TABLE "ledger_entry_note" (\n    "id" TEXT\n);\n'
    expect(annotate(other, readAnnotations(models))).toBe(other)
  })

  test('is refused where it is not understood', () => {
    expect(() => readAnnotations('model A {\n  /// @check amount > 0\n  amount BigInt\n}\n')).toThrow(
      'model A: an annotation is not understood',
    )
    expect(() => readAnnotations('model A {\n  /// @deferrable\n  amount BigInt\n}\n')).toThrow('not understood')
  })
})
