import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { isPostgresUrl } from '../core/db'
import { type Asked, type Command, tell } from './command'
import { withDatabase } from './open'

export const backupCommands: Command[] = [
  {
    name: 'backup',
    takes: ['folder'],
    options: {},
    summary: 'Writes a backup of the database without the persons’ keys, which `mulin person-keys backup` writes.',
    run: backup,
  },
]

/**
 * All but the key store: with its keys in it no backup would ever lose who was erased. SQLite copies itself while others
 * write; PostgreSQL is read by its own pg_dump (`PG_DUMP` says where another one is).
 */
function backup({ positionals: [folder = ''], json }: Asked): Promise<number> {
  return withDatabase(false, async ({ db, config, now }) => {
    const { databaseUrl, ownerUrl } = config
    const isPostgres = isPostgresUrl(databaseUrl)
    const file = join(folder, `mulin-${now().toISOString().replace(/[:.]/g, '')}.${isPostgres ? 'dump' : 'db'}`)
    if (existsSync(file)) throw new Error(`${file} is there already`)
    if (isPostgres) dump(config.pgDump, ownerUrl ?? databaseUrl, file)
    else await db.$executeRawUnsafe(`VACUUM INTO '${file.replaceAll("'", "''")}'`)
    chmodSync(file, 0o600)
    tell(json, { file }, `${file}. The persons’ keys are not in it: \`mulin person-keys backup\` writes them.`)
    return 0
  })
}

/** The password is not among the arguments: others on the machine could read it there. */
function dump(program: string, databaseUrl: string, file: string): void {
  const url = new URL(databaseUrl)
  const PGPASSWORD = decodeURIComponent(url.password)
  url.password = ''
  execFileSync(
    program,
    ['--format=custom', '--exclude-table-data=keystore.*', '--file', file, '--dbname', url.toString()],
    {
      env: { PGPASSWORD, PATH: '/usr/local/bin:/usr/bin:/bin' },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
}
