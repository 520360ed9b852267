import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../server/core/migrate'
import { freshDatabase, provider } from '../support/database'

const quiet = () => {}
const table = '9001_note'
const guard = {
  sqlite: `CREATE TRIGGER "note_stays" BEFORE UPDATE ON "note" BEGIN SELECT RAISE(ABORT, 'stays; as it is'); END;`,
  postgresql: `CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stays; as it is'; END $$;
    CREATE TRIGGER "note_stays" BEFORE UPDATE ON "note" FOR EACH ROW EXECUTE FUNCTION stays();`,
}

async function ask(url: string, sql: string) {
  if (provider() === 'sqlite') {
    const client = createClient({ url })
    return client.execute(sql).finally(() => client.close())
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client.query(sql).finally(() => client.end())
}

describe('the migrations of a starting server', () => {
  let folder = ''
  let url = ''
  const write = (name: string, sql: string) => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'migration.sql'), sql)
  }
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mulin-migrations-'))
    url = await freshDatabase()
    write(table, `CREATE TABLE "note" ("id" TEXT PRIMARY KEY, "text" TEXT);\n${guard[provider()]}`)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('what is new is applied once, with triggers that hold semicolons', async () => {
    expect(await migrate(url, folder, quiet)).toBe(1)
    expect(await migrate(url, folder, quiet)).toBe(0)
    await ask(url, `INSERT INTO "note" VALUES ('1', 'first')`)
    await expect(ask(url, `UPDATE "note" SET "text" = 'second'`)).rejects.toThrow('stays; as it is')
  })

  test('a migration that fails leaves nothing and may be tried again', async () => {
    write(table, `CREATE TABLE "note" ("id" TEXT PRIMARY KEY); INSERT INTO "nowhere" VALUES (1);`)
    await expect(migrate(url, folder, quiet)).rejects.toThrow('nowhere')
    write(table, `CREATE TABLE "note" ("id" TEXT PRIMARY KEY);`)
    expect(await migrate(url, folder, quiet)).toBe(1)
  })

  test('a migration that was edited after it was applied stops the start', async () => {
    await migrate(url, folder, quiet)
    write(table, `CREATE TABLE "note" ("id" TEXT PRIMARY KEY, "more" TEXT);`)
    await expect(migrate(url, folder, quiet)).rejects.toThrow(`Migration ${table} was edited after it was applied`)
  })

  test('a migration that breaks a reference is taken back', async () => {
    await migrate(url, folder, quiet)
    const references = `CREATE TABLE "reply" ("id" TEXT, "noteId" TEXT REFERENCES "note"("id"));`
    write('9002_reply', `${references} INSERT INTO "reply" VALUES ('1', 'nobody');`)
    await expect(migrate(url, folder, quiet)).rejects.toThrow(/foreign key/i)
    await expect(ask(url, `SELECT * FROM "reply"`)).rejects.toThrow('reply')
  })
})
