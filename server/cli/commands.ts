import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { ROLES, type Role } from '../../shared/session/view'
import { type Db, query, urlOf } from '../core/db'
import { newId } from '../core/ids'
import { addDemo } from '../demo/seed'
import { addPerson } from '../person/vault'
import { auditAll } from '../proof/audit'
import { withHands } from '../proof/hands'
import { readDivision } from '../region/division'
import { importRegions } from '../region/import'
import { archiveCommands } from './archive-commands'
import { backupCommands } from './backup-command'
import { type Asked, type Command, tell } from './command'
import { keyCommands } from './key-commands'
import { migrateTo, withDatabase } from './open'
import { newProgress } from './progress'
import { proofCommands } from './proof-commands'
import { schemeCommands } from './scheme'

export const commands: Command[] = [
  { name: 'migrate', takes: [], options: {}, summary: 'Brings the database up to this version.', run: migrateCommand },
  {
    name: 'regions import',
    takes: ['code'],
    options: {},
    summary: 'Imports the real tree of a county or city (371003, 3703 …), with all above and below it.',
    run: regionsImport,
  },
  {
    name: 'demo',
    takes: [],
    options: { elders: { type: 'string' }, seed: { type: 'string' } },
    summary: 'Fills an empty database with a demonstration community (600 elders, seed 1, unless said otherwise).',
    run: demo,
  },
  {
    name: 'ledger audit',
    takes: [],
    options: {},
    summary: 'Recomputes every balance, rule and leaf of the books; names the first bad row and exits with 1.',
    run: ledgerAudit,
  },
  {
    name: 'staff add',
    takes: ['role', 'regionCode', 'name', 'phone'],
    options: {},
    summary: `Gives a person a first power in a live system; roles: ${ROLES.join(' ')}.`,
    run: staffAdd,
  },
  ...schemeCommands,
  ...proofCommands,
  ...archiveCommands,
  ...keyCommands,
  ...backupCommands,
]

async function migrateCommand({ json }: Asked): Promise<number> {
  return withDatabase(true, async ({ config }) => {
    const applied = await migrateTo(config)
    tell(json, { applied }, applied === 0 ? 'The database is up to date.' : `${applied} migrations applied.`)
    return 0
  })
}

async function regionsImport({ positionals: [code = ''], json }: Asked): Promise<number> {
  const nodes = await readDivision(code, (step) => (json ? undefined : console.error(step)))
  return withDatabase(true, async ({ db, now }) => {
    const bar = newProgress('区划', json)
    const { added, kept } = await importRegions(db, nodes, now(), (done: number) => bar.step(done, nodes.length))
    bar.end()
    tell(
      json,
      { code, nodes: nodes.length, added, kept },
      `${nodes.length} regions read: ${added} added, ${kept} known already.`,
    )
    return 0
  })
}

async function demo({ values, json }: Asked): Promise<number> {
  const elders = Number(values.elders ?? 600)
  const seed = Number(values.seed ?? 1)
  if (!Number.isInteger(elders) || elders < 10 || elders > 1_000_000 || !Number.isInteger(seed)) {
    console.error('--elders: a whole number from 10 to 1000000; --seed: a whole number')
    return 2
  }
  return withDatabase(true, async (parts) => {
    if (parts.config.production) throw new Error('production never gets demonstration data')
    if ((await parts.db.meta.findUnique({ where: { key: 'kind' } })) !== null) {
      console.error('This database is not empty.')
      return 1
    }
    const bar = newProgress('演示数据', json)
    const made = await addDemo(parts, { elders, seed }, (done: number, of: number) => bar.step(done, of))
    bar.end()
    tell(
      json,
      made,
      `Demo community: ${Object.entries(made)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}.`,
    )
    return 0
  })
}

async function ledgerAudit({ json }: Asked): Promise<number> {
  return withDatabase(false, async ({ db, config, now }) => {
    const of = await rowsToAudit(db)
    const bar = newProgress('核账', json)
    let done = 0
    const onRows = (rows: number) => {
      done += rows
      bar.step(done, of)
    }
    const report = await withHands(urlOf(db), (hands) => auditAll(db, config.log, onRows, now(), hands))
    bar.end()
    const { problem } = report
    tell(
      json,
      report as Record<string, unknown>,
      problem === null
        ? `The books are right: ${report.entries} entries of ${report.transactions} transactions, ${report.leaves} leaves, ${report.checkpoints} checkpoints, ${report.unsealed} not sealed yet.`
        : `${problem.invariant}: ${problem.row}\n${problem.sentence}`,
    )
    return problem === null ? 0 : 1
  })
}

/** What an audit says it looked at: leaves, transactions, entries, accounts, visits. */
async function rowsToAudit(db: Db): Promise<number> {
  const [row] = await query<{ rows: bigint }>(
    db,
    `SELECT (SELECT COUNT(*) FROM log_leaf) + (SELECT COUNT(*) FROM ledger_transaction) + (SELECT COUNT(*) FROM ledger_account)
       + (SELECT COUNT(*) FROM ledger_entry WHERE "accountSeq" IS NOT NULL) + (SELECT COUNT(*) FROM visit) AS "rows"`,
  )
  return Number(row?.rows)
}

async function staffAdd({
  positionals: [role = '', regionCode = '', name = '', phone = ''],
  json,
}: Asked): Promise<number> {
  if (!ROLES.includes(role as Role) || role === 'redemptionPoint') {
    console.error(`No such role: ${role}`)
    return 2
  }
  return withDatabase(true, async ({ db, config, now }) => {
    const region = await db.region.findFirst({ where: { code: regionCode, validTo: null } })
    if (region === null) throw new Refusal('REGION_UNKNOWN', { regionCode })
    const at = now()
    const personId = await db.$transaction(async (tx) => {
      const added = await addPerson(tx, config.keys, { name, phone, identityKind: 'none' }, at)
      await tx.staffRole.create({
        data: {
          id: newId(at),
          personId: added.personId,
          role,
          regionId: region.id,
          regionPath: region.path,
          redemptionPointId: null,
          validFrom: dayOf(at),
          validTo: null,
        },
      })
      return added.personId
    })
    tell(
      json,
      { personId, role, regionId: region.id },
      `${name} is ${role} of ${region.name}; the first login is by WeChat with this phone number.`,
    )
    return 0
  })
}
