// What a world has written anywhere: every byte of it, and whether somebody is told in it, as text or dressed up as hex or base64.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { query } from '../../server/core/db'
import { provider } from './database'
import type { World } from './world'

/** How letters are looked for: every piece of a run of them that has a length of something secret. */
type Form = { run: RegExp; needles: Map<string, string>; lengths: number[] }

/**
 * Finds any of many texts in many megabytes: a search for each would take minutes.
 * @param texts names of three characters, numbers of eleven and eighteen
 */
export function newSecrets(texts: readonly string[]): { foundIn: (bytes: Buffer) => string[] } {
  const forms: Form[] = [
    formOf(/[\dX]{11,}|[\u3400-\u9fff]{3,}/g, texts, (text) => [text]),
    formOf(/(?:[0-9a-f]{2}){9,}/g, texts, (text) => [Buffer.from(text).toString('hex')]),
    formOf(/[A-Za-z0-9+/_-]{8,}/g, texts, (text) => base64Of(Buffer.from(text))),
  ]
  const foundIn = (bytes: Buffer) => {
    const text = bytes.toString('utf8')
    return [...new Set(forms.flatMap((form) => inForm(form, text)))]
  }
  return { foundIn }
}

function formOf(run: RegExp, texts: readonly string[], dressed: (text: string) => string[]): Form {
  const needles = new Map(texts.flatMap((text) => dressed(text).map((one) => [one, text] as const)))
  return { run, needles, lengths: [...new Set([...needles.keys()].map((one) => one.length))] }
}

/** What is the same wherever it begins among others: the letters that hold nothing of its neighbours. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const skipped = (3 - before) % 3
    const whole = bytes.subarray(skipped, skipped + Math.floor((bytes.length - skipped) / 3) * 3)
    return [whole.toString('base64'), whole.toString('base64url')]
  })
}

function inForm({ run, needles, lengths }: Form, text: string): string[] {
  const found: string[] = []
  for (const [letters] of text.matchAll(run))
    for (const length of lengths)
      for (let at = 0; at + length <= letters.length; at++) {
        const one = needles.get(letters.slice(at, at + length))
        if (one !== undefined) found.push(one)
      }
  return found
}

/**
 * The bytes as they lie on the disk and as backups have them. SQLite: the files with their logs of writes, and a copy.
 * PostgreSQL: what pg_dump says, the files of the database, and the write-ahead log since the database began.
 */
export async function everythingWritten(world: World): Promise<Buffer[]> {
  return provider() === 'sqlite' ? ofSqlite(world) : ofPostgres(world)
}

async function ofSqlite({ db, databaseUrl }: World): Promise<Buffer[]> {
  const file = databaseUrl.replace(/^file:/, '')
  const copy = join(tmpdir(), `${randomUUID()}.db`)
  try {
    await db.$executeRawUnsafe(`VACUUM INTO '${copy}'`)
    const files = [...['', '-wal', '.keys', '.keys-wal'].map((end) => `${file}${end}`), copy]
    return files.filter(existsSync).map((path) => readFileSync(path))
  } finally {
    rmSync(copy, { force: true })
  }
}

async function ofPostgres(world: World): Promise<Buffer[]> {
  const { db, databaseUrl } = world
  await db.$executeRawUnsafe('CHECKPOINT')
  const [place] = await query<{ data: string; oid: bigint | number; segment: string; bin: string }>(
    db,
    `SELECT current_setting('data_directory') AS "data", (SELECT oid FROM pg_database WHERE datname = current_database()) AS "oid",
       pg_walfile_name(pg_current_wal_lsn()) AS "segment", (SELECT setting FROM pg_config WHERE name = 'BINDIR') AS "bin"`,
  )
  if (place === undefined) throw new Error('PostgreSQL does not say where it is')
  const written = [await dumpOf(world, databaseUrl, place.bin)]
  const files = join(place.data, 'base', String(place.oid))
  if (!existsSync(files)) {
    console.warn('the files of PostgreSQL are on another machine: only what a dump says was looked through')
    return written
  }
  for (const name of readdirSync(files)) written.push(readFileSync(join(files, name)))
  // of the log of writes its latest files: the earlier ones, of other tests too, would take minutes
  const log = join(place.data, 'pg_wal')
  const segments = readdirSync(log).filter((name) => /^[0-9A-F]{24}$/.test(name) && name <= place.segment)
  for (const name of segments.sort().slice(-4)) written.push(readFileSync(join(log, name)))
  return written
}

/** As pg_dump writes it, or every row of every table where there is none that knows this server. */
async function dumpOf({ db }: World, url: string, bin: string): Promise<Buffer> {
  for (const program of [join(bin, 'pg_dump'), 'pg_dump']) {
    const { status, stdout } = spawnSync(program, ['--dbname', url], { maxBuffer: 2 ** 30 })
    if (status === 0) return stdout
  }
  console.warn('no pg_dump of this PostgreSQL here: every row of every table was read instead')
  const tables = await query<{ name: string }>(
    db,
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'keystore')`,
  )
  const dumped: string[] = []
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(db, `SELECT t::text AS row FROM ${name} AS t`)
    dumped.push(`${name}\n${rows.map(({ row }) => row).join('\n')}`)
  }
  return Buffer.from(dumped.join('\n'))
}
