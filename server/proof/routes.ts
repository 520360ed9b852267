import { Refusal } from '../../shared/core/refusals'
import { lastAuditView, publicLogsView } from '../../shared/proof/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Reader } from '../core/db'
import { type File, type Route, route } from '../core/route'
import type { WholeReport } from './audit'
import { findLogs } from './logs'
import { lastAudit } from './nightly'
import { keyTexts, publicLogs } from './prove'
import { sizeOf, TILE_WIDTH } from './tree'

export const proofRoutes: Route[] = [
  route(
    'GET',
    '/public/logs',
    { summary: '公开的账本日志和核对公钥', who: 'public', view: publicLogsView },
    async ({ db, parts }) => ({
      items: (await publicLogs(db, parts.config.log)).map((one) => ({
        name: one.name,
        origin: one.origin,
        prefix: `${parts.config.publicUrl}/log/${one.name}`,
        keys: keyTexts(one),
      })),
    }),
  ),
  route(
    'GET',
    '/logs/:name/entries/:no',
    { summary: '日志内容（每包 256 条，只给审计人员）', may: 'ledger.leaves' },
    ({ db, actor, params }) => entryBundle(db, actor, params.name ?? '', params.no ?? ''),
  ),
  route('GET', '/audits/last', { summary: '最近一次查账', may: 'ledger.read', view: lastAuditView }, async ({ db }) => {
    const last = await lastAudit(db)
    if (last === null) return { audit: null }
    const { transactions, leaves, checkpoints, problem } = JSON.parse(last.report) as WholeReport
    return {
      audit: {
        endedAt: last.endedAt.toISOString(),
        clean: last.clean,
        ...{ transactions, leaves, checkpoints },
        row: problem?.row ?? null,
        sentence: problem?.sentence ?? null,
      },
    }
  }),
]

/** 256 leaves as C2SP tlog-tiles bundles them: each with its length before it. Only for who audits the whole county. */
async function entryBundle(db: Reader, actor: Actor, name: string, no: string): Promise<File> {
  const log = (await findLogs(db)).find((one) => one.name === name)
  const first = /^\d{1,7}$/.test(no) ? Number(no) * TILE_WIDTH : -1
  if (log === undefined || !mayOver(actor, can('ledger.leaves'), log.path) || first < 0) throw new Refusal('NOT_FOUND')
  if (first >= (await sizeOf(db, log.regionId))) throw new Refusal('NOT_FOUND')
  const texts = await readTexts(db, log.regionId, first, first + TILE_WIDTH)
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    return [length, bytes]
  })
  return { bytes: Buffer.concat(parts), type: 'application/octet-stream', name: `${name}-${no}.entries` }
}

/** The canonical texts of leaves, in their order. */
export async function readTexts(db: Reader, regionId: string, from: number, to: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ text: string }[]>`
    SELECT COALESCE(l."data", t."leaf") AS "text" FROM log_leaf AS l
    LEFT JOIN ledger_transaction AS t ON l."type" = 'transaction' AND t."id" = l."refId"
    WHERE l."regionId" = ${regionId} AND l."logIndex" >= ${from} AND l."logIndex" < ${to} ORDER BY l."logIndex"`
  return rows.map((one) => one.text)
}
