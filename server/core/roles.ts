import pg from 'pg'

/**
 * Makes the role that serves and gives it what it needs, no more: it reads and adds rows, changes and deletes them only
 * where a table is not append-only, and owns nothing, so that it can't take a guard away. Asked again it says the same again.
 *
 * @param ownerUrl of the role that migrates and owns the tables; it may make roles
 * @param servingUrl of the role the server connects as; its name and password
 */
export async function grantServing(ownerUrl: string, servingUrl: string): Promise<void> {
  const { username, password } = new URL(servingUrl)
  const [name, secret] = [decodeURIComponent(username), decodeURIComponent(password)]
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const owner = await client.query('SELECT current_user AS name')
    if (owner.rows[0].name === name) throw new Error(`DATABASE_OWNER_URL and DATABASE_URL are the same role, ${name}`)
    const role = client.escapeIdentifier(name)
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name])
    if (known.rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(secret)}`)
    await client.query('BEGIN')
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    await client.query(`GRANT USAGE ON SCHEMA public, keystore TO ${role}`)
    for (const { schema, table, rights } of (await client.query(TABLES)).rows) {
      const name = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`
      await client.query(`REVOKE ALL ON ${name} FROM ${role}`)
      await client.query(`GRANT ${rights} ON ${name} TO ${role}`)
    }
    await grantReading(client, name)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

/** Records of people in a region. What people are called, rules and the tree are read across regions. */
export const WITHIN_REGION = [
  'elder',
  'visit',
  'visit_elder',
  'help_order',
  'plate',
  'paper_batch',
  'alarm',
  'complaint',
  'appeal',
  'call_back',
  'member_record',
  'data_request',
]
/** The regions a transaction may read, as paths with blanks between; unset or empty: none. */
export const PATHS_SETTING = 'mulin.paths'

const IS_WITHIN = `"regionPath" ^@ ANY (string_to_array(nullif(current_setting('${PATHS_SETTING}', true), ''), ' '))`
/** What was done for an elder stays with the village where it was done: its lists name who has moved away since. */
const LIVED_WITHIN = ` OR EXISTS (SELECT 1 FROM elder_residence AS r WHERE r."elderId" = elder."id" AND r.${IS_WITHIN})`

/** The role the serving role reads as: it writes nothing, and of people it sees those below the paths of its transaction. */
export function readingRoleOf(servingRole: string): string {
  return `${servingRole}_reader`
}

/** Row-level security is the second net: the queries themselves stay inside the actor's regions. */
async function grantReading(client: pg.Client, serving: string): Promise<void> {
  const [server, role] = [client.escapeIdentifier(serving), client.escapeIdentifier(readingRoleOf(serving))]
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [readingRoleOf(serving)])
  if (known.rowCount === 0) await client.query(`CREATE ROLE ${role} NOLOGIN`)
  await client.query(`GRANT ${role} TO ${server}`)
  await client.query(`GRANT USAGE ON SCHEMA public, keystore TO ${role}`)
  await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public, keystore TO ${role}`)
  const [all, own] = [client.escapeIdentifier(`${serving}_all`), client.escapeIdentifier(`${serving}_within`)]
  for (const table of WITHIN_REGION) {
    await client.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`)
    await client.query(`DROP POLICY IF EXISTS ${all} ON ${table}`)
    await client.query(`CREATE POLICY ${all} ON ${table} TO ${server} USING (true) WITH CHECK (true)`)
    await client.query(`DROP POLICY IF EXISTS ${own} ON ${table}`)
    await client.query(
      `CREATE POLICY ${own} ON ${table} FOR SELECT TO ${role} USING (${IS_WITHIN}${table === 'elder' ? LIVED_WITHIN : ''})`,
    )
  }
}

/** What is append-only says its trigger. */
const TABLES = `
  SELECT c.relnamespace::regnamespace::text AS schema, c.relname AS table, CASE
    WHEN c.relname = '_prisma_migrations' THEN 'SELECT'
    WHEN EXISTS (SELECT 1 FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname LIKE '%\\_append\\_only')
      THEN 'SELECT, INSERT'
    WHEN c.relname = 'ledger_account' THEN 'SELECT, INSERT, UPDATE'
    ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS rights
  FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'keystore'::regnamespace) ORDER BY c.relname`
