import { findBy, type Model } from '../core/bulk'
import { query, type Reader, type Tx, underPath } from '../core/db'
import { pathsAbove } from '../region/queries'
import type { CountyLog } from './logs'
import { type Sealed, sealedRow } from './requests'

type Row = Record<string, unknown>
/**
 * Rows that are evidence or money, or that part of them which is never changed once it is written: or, with `at`, once that is
 * set. A row that goes on changing has a leaf for each step.
 */
type Kept = {
  model: Model
  table: string
  key: readonly [string] | readonly [string, string]
  at: string
  /** where the row's place stands, if not in the row */
  of?: string
  /** when it was written, if `at` is the time of what it tells */
  since?: string
  /** what this step wrote, if not the whole row; nor what is forgotten after its time and told by a hash in the row */
  part?: (row: Row) => Row
  /** what belongs to the rows and stands in others, by the key of each */
  with?: (tx: Reader, keys: readonly string[]) => Promise<Map<string, unknown>>
}
const VISIT = 'JOIN visit AS o ON o."id" = r."visitId"'
const BATCH = 'JOIN paper_batch AS o ON o."id" = r."batchId"'

const without =
  (...columns: string[]) =>
  (row: Row): Row =>
    Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)))
const only =
  (...columns: string[]) =>
  (row: Row): Row =>
    Object.fromEntries(columns.map((column) => [column, row[column]]))

/** Handed over by mistake, it had been handed over. */
const resolved = ({ id, state, resolvedAt, fulfilledByPersonId }: Row): Row => ({
  ...{ id, resolvedAt, fulfilledByPersonId },
  state: state === 'reversed' ? 'fulfilled' : state,
})
/** Its visits are being written: it is approved. */
const decided = (row: Row): Row => ({ ...row, state: row.state === 'approving' ? 'approved' : row.state })
const REVERSED = ['reversedAt', 'reversedByPersonId', 'reverseReason'] as const

/** What a statement pays for. */
async function settledBy(tx: Reader, settlementIds: readonly string[]): Promise<Map<string, unknown>> {
  const rows = await query<{ id: string; settlementId: string }>(
    tx,
    'SELECT "id", "settlementId" FROM redemption WHERE "settlementId" IN LIST($1) ORDER BY "id"',
    settlementIds,
  )
  const found = new Map<string, string[]>()
  for (const { id, settlementId } of rows) found.set(settlementId, [...(found.get(settlementId) ?? []), id])
  return found
}

/** By the first word of their leaf's reference. The tables of the ledger and of visits have leaves of their own. */
const KEPT = {
  // what people write in own words is forgotten after its time: it is in no leaf (decision 0119)
  appeal: { model: 'Appeal', table: 'appeal', key: ['id'], at: 'decidedAt', part: without('note') },
  callBack: { model: 'CallBack', table: 'call_back', key: ['id'], at: 'at', part: without('note') },
  endCorrection: { model: 'EndCorrection', table: 'end_correction', key: ['id'], at: 'at', of: VISIT },
  fieldCheck: { model: 'FieldCheck', table: 'field_check', key: ['id'], at: 'recordedAt' },
  firstApproval: { model: 'FirstApproval', table: 'first_approval', key: ['id'], at: 'at', of: VISIT },
  fundChange: { model: 'FundChange', table: 'fund_change', key: ['id'], at: 'askedAt' },
  fundDecision: {
    ...{ model: 'FundDecision', table: 'fund_decision', key: ['changeId'], at: 'at' },
    of: 'JOIN fund_change AS o ON o."id" = r."changeId"',
  },
  fundDraw: {
    ...{ model: 'FundDraw', table: 'fund_draw', key: ['id'], at: 'at' },
    of: 'JOIN fund_line AS o ON o."id" = r."fundLineId"',
  },
  gift: {
    ...{ model: 'Gift', table: 'gift', key: ['id'], at: 'askedAt' },
    part: without('state', 'decidedByPersonId', 'decidedAt', 'note'),
  },
  giftAnswer: { model: 'Gift', table: 'gift', key: ['id'], at: 'decidedAt', part: without('note') },
  grantAnswer: {
    ...{ model: 'GrantAnswer', table: 'grant_answer', key: ['roundId', 'byPersonId'], at: 'at' },
    of: 'JOIN grant_round AS o ON o."id" = r."roundId"',
  },
  grantRound: {
    ...{ model: 'GrantRound', table: 'grant_round', key: ['id'], at: 'proposedAt' },
    part: without('state', 'doneAt', 'granted', 'left', 'milliPoints'),
  },
  grantRoundDone: { model: 'GrantRound', table: 'grant_round', key: ['id'], at: 'doneAt' },
  helperNote: {
    ...{ model: 'HelperNote', table: 'helper_note', key: ['id'], at: 'at', of: VISIT },
    part: without('note'),
  },
  paperBatch: {
    ...{ model: 'PaperBatch', table: 'paper_batch', key: ['id'], at: 'enteredAt' },
    part: without('state', 'decidedByPersonId', 'decidedAt', 'decisionNote'),
  },
  paperDecision: { model: 'PaperBatch', table: 'paper_batch', key: ['id'], at: 'decidedAt', part: decided },
  paperLine: {
    ...{ model: 'PaperLine', table: 'paper_line', key: ['batchId', 'line'], at: 'checkInAt', since: 'o."enteredAt"' },
    of: BATCH,
    // the two keys keep a line from being entered twice; a rejected one gives them up
    part: without('visitKey', 'sheetKey'),
  },
  paperPicture: {
    ...{ model: 'PaperPicture', table: 'paper_picture', key: ['id'], at: 'at', of: BATCH },
    part: without('sealed'),
  },
  pointClosing: { model: 'PointClosing', table: 'point_closing', key: ['id'], at: 'at' },
  redemption: {
    ...{ model: 'Redemption', table: 'redemption', key: ['id'], at: 'heldAt' },
    part: without('state', 'resolvedAt', 'fulfilledByPersonId', ...REVERSED, 'settlementId'),
  },
  redemptionEnd: { model: 'Redemption', table: 'redemption', key: ['id'], at: 'resolvedAt', part: resolved },
  redemptionReversal: {
    ...{ model: 'Redemption', table: 'redemption', key: ['id'], at: 'reversedAt' },
    part: only('id', 'state', ...REVERSED),
  },
  statement: {
    ...{ model: 'Settlement', table: 'settlement', key: ['id'], at: 'issuedAt' },
    part: without('paidAt', 'paidByPersonId', 'paymentNo'),
    with: settledBy,
  },
  settlement: { model: 'Settlement', table: 'settlement', key: ['id'], at: 'paidAt' },
} as const satisfies Record<string, Kept>
type KeptName = keyof typeof KEPT
const NAMES = Object.keys(KEPT) as KeptName[]

const isKept = (name: string): name is KeptName => name in KEPT
/** The table a leaf's reference is about, where it is one of these. */
export const tableOfEvidence = (name: string): string | null => (isKept(name) ? KEPT[name].table : null)

const keyOf = (row: Row, { key }: Kept): string => key.map((column) => String(row[column])).join('/')

/** A page of a table's rows of a county, the city around it and the places in it, as their leaves would tell them. */
export async function evidencePage(
  tx: Tx,
  { regionId, path }: CountyLog,
  name: KeptName,
  span: { since: Date | null; after: string; most: number },
): Promise<{ sealed: Sealed[]; last: string | null }> {
  const kept: Kept = KEPT[name]
  const key = kept.key.map((column) => `r."${column}"`).join(` || '/' || `)
  const since = kept.since ?? `r."${kept.at}"`
  const place = `${kept.of === undefined ? 'r' : 'o'}."regionPath"`
  const { gte, lt } = underPath(path)
  const rows = await query<{ sealedKey: string }>(
    tx,
    `SELECT ${key} AS "sealedKey" FROM "${kept.table}" AS r ${kept.of ?? ''}
     WHERE ((${place} >= $1 AND ${place} < $2) OR ${place} IN LIST($3)) AND ${key} > $4 AND r."${kept.at}" IS NOT NULL
       ${span.since === null ? '' : `AND ${since} >= $5`}
     ORDER BY ${key} LIMIT ${span.most}`,
    ...[gte, lt, pathsAbove(path), span.after, ...(span.since === null ? [] : [span.since])],
  )
  const sealed = await readEvidence(
    tx,
    rows.map((row) => `${name}:${row.sealedKey}@${regionId}`),
  )
  return { sealed, last: rows.length < span.most ? null : (rows.at(-1)?.sealedKey ?? null) }
}

/** The rows that such references are about, as their leaves would tell them today. */
export async function readEvidence(db: Reader, refIds: readonly string[]): Promise<Sealed[]> {
  const sealed: Sealed[] = []
  for (const name of NAMES) {
    const kept: Kept = KEPT[name]
    const asked = refIds.filter((one) => one.startsWith(`${name}:`))
    if (asked.length === 0) continue
    const keys = new Map(asked.map((one) => [one, one.slice(name.length + 1).split('@')[0] as string]))
    const first = [...keys.values()].map((one) => one.split('/')[0])
    const rows = (await findBy(db, kept.model, kept.key[0] as never, first)) as Row[]
    const byKey = new Map(rows.map((row) => [keyOf(row, kept), row]))
    const more = await kept.with?.(db, [...byKey.keys()])
    for (const [refId, key] of keys) {
      const row = byKey.get(key)
      const at = row?.[kept.at]
      if (row === undefined || !(at instanceof Date)) continue
      const told = { ...(kept.part?.(row) ?? row), ...(more === undefined ? {} : { with: more.get(key) ?? null }) }
      sealed.push({ refId, text: sealedRow(name, key, at, told).text })
    }
  }
  return sealed
}

export const EVIDENCE_NAMES: readonly KeptName[] = NAMES
