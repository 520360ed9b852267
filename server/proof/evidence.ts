import { findBy, type Model } from '../core/bulk'
import { query, type Reader, type Tx, underPath } from '../core/db'
import { pathsAbove } from '../region/queries'
import type { CountyLog } from './logs'
import { type Sealed, sealedRow } from './requests'

/** Rows that are evidence or money, and are never changed once they are written: or, with `at`, once that is set. */
type Kept = {
  model: Model
  table: string
  key: readonly [string] | readonly [string, string]
  at: string
  /** where the row's place stands, if not in the row */
  of?: string
  /** what is forgotten after its time, and told by a hash in the row */
  forgets?: string
}
const VISIT = 'JOIN visit AS o ON o."id" = r."visitId"'

/** By the first word of their leaf's reference. The tables of the ledger and of visits have leaves of their own. */
const KEPT = {
  appeal: { model: 'Appeal', table: 'appeal', key: ['id'], at: 'decidedAt' },
  callBack: { model: 'CallBack', table: 'call_back', key: ['id'], at: 'at' },
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
  grantAnswer: {
    ...{ model: 'GrantAnswer', table: 'grant_answer', key: ['roundId', 'byPersonId'], at: 'at' },
    of: 'JOIN grant_round AS o ON o."id" = r."roundId"',
  },
  helperNote: { model: 'HelperNote', table: 'helper_note', key: ['id'], at: 'at', of: VISIT },
  paperPicture: {
    ...{ model: 'PaperPicture', table: 'paper_picture', key: ['id'], at: 'at' },
    ...{ of: 'JOIN paper_batch AS o ON o."id" = r."batchId"', forgets: 'sealed' },
  },
  pointClosing: { model: 'PointClosing', table: 'point_closing', key: ['id'], at: 'at' },
  settlement: { model: 'Settlement', table: 'settlement', key: ['id'], at: 'paidAt' },
} as const satisfies Record<string, Kept>
type KeptName = keyof typeof KEPT
const NAMES = Object.keys(KEPT) as KeptName[]

const isKept = (name: string): name is KeptName => name in KEPT
/** The table a leaf's reference is about, where it is one of these. */
export const tableOfEvidence = (name: string): string | null => (isKept(name) ? KEPT[name].table : null)

const keyOf = (row: Record<string, unknown>, { key }: Kept): string =>
  key.map((column) => String(row[column])).join('/')

/** A page of a table's rows of a county, the city around it and the places in it, as their leaves would tell them. */
export async function evidencePage(
  tx: Tx,
  { regionId, path }: CountyLog,
  name: KeptName,
  span: { since: Date | null; after: string; most: number },
): Promise<{ sealed: Sealed[]; last: string | null }> {
  const kept: Kept = KEPT[name]
  const key = kept.key.map((column) => `r."${column}"`).join(` || '/' || `)
  const place = `${kept.of === undefined ? 'r' : 'o'}."regionPath"`
  const { gte, lt } = underPath(path)
  const rows = await query<{ sealedKey: string }>(
    tx,
    `SELECT ${key} AS "sealedKey" FROM "${kept.table}" AS r ${kept.of ?? ''}
     WHERE ((${place} >= $1 AND ${place} < $2) OR ${place} IN LIST($3)) AND ${key} > $4 AND r."${kept.at}" IS NOT NULL
       ${span.since === null ? '' : `AND r."${kept.at}" >= $5`}
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
    const rows = (await findBy(db, kept.model, kept.key[0] as never, first)) as Record<string, unknown>[]
    const byKey = new Map(rows.map((row) => [keyOf(row, kept), row]))
    for (const [refId, key] of keys) {
      const row = byKey.get(key)
      const at = row?.[kept.at]
      if (row === undefined || !(at instanceof Date)) continue
      const { [kept.forgets ?? '']: _, ...lasting } = row
      sealed.push({ refId, text: sealedRow(name, key, at, lasting).text })
    }
  }
  return sealed
}

export const EVIDENCE_NAMES: readonly KeptName[] = NAMES
