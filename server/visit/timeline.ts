import type { z } from 'zod'
import { RESOLUTIONS } from '../../shared/audit/reasons'
import { COMPLAINT_WORDS, type ComplaintKind } from '../../shared/complaint/words'
import { pointsText } from '../../shared/core/amounts'
import { addSeconds, clockOf } from '../../shared/core/time'
import type { Explanation } from '../../shared/scheme/document'
import { appealWords, explanationWords } from '../../shared/visit/appeal'
import type { ExceptionCode } from '../../shared/visit/exceptions'
import { FACES, type Face } from '../../shared/visit/rating'
import type { timelineView } from '../../shared/visit/view'
import { exceptionSentence } from '../../shared/visit/words'
import { query, type Reader } from '../core/db'
import { byNameOf, type VisitContext, viewerOf } from './context'
import type { Posting, VisitRecord } from './queries'

type Item = z.input<typeof timelineView>
type Evidence = VisitRecord['evidence'][number]
/** What is said of the plates that were scanned; read once for a visit. */
export type EvidenceWords = { kindOf: ReadonlyMap<string, PlateKind> }
type PlateKind = keyof typeof PLATE_WORDS

const PLATE_WORDS = { door: '扫门牌', card: '扫随身卡', site: '扫站点的牌子', otherDoor: '扫了别家的门牌' } as const
const PHASE_WORDS: Record<string, string> = { in: '开始', during: '，服务中', out: '结束' }
const ANSWER_WORDS: Record<string, string> = { yes: '是，来过了', no: '没来过', unsure: '记不清' }
const HOW_WORDS: Record<string, string> = {
  app: '本人手机',
  proxy: '家人代办',
  phone: '社区电话回访',
  pin: '老人在志愿者手机上输了密码',
  paper: '纸上签字',
  site: '现场工作人员',
}
/** What reaches the server within this is as good as at once. */
const UPLOAD_SECONDS = 60

/** Which plates of these visits belong to their doors, read once for all. */
export async function readPlateKinds(
  db: Reader,
  visits: readonly VisitRecord[],
): Promise<(visit: VisitRecord) => EvidenceWords> {
  const plates = await query<{ id: string; kind: string; organisationId: string | null; householdId: string | null }>(
    db,
    `SELECT p."id", p."kind", p."organisationId", e."householdId" FROM plate AS p LEFT JOIN elder AS e ON e."id" = p."elderId"
     WHERE p."id" IN LIST($1)`,
    [...new Set(visits.flatMap(({ evidence }) => evidence.flatMap(({ plateId }) => plateId ?? [])))],
  )
  const byId = new Map(plates.map((plate) => [plate.id, plate]))
  return ({ evidence, elders, siteId }) => {
    const kinds = evidence.flatMap(({ plateId }): [string, PlateKind][] => {
      const plate = byId.get(plateId ?? '')
      if (plate === undefined) return []
      if (siteId !== null) return [[plate.id, plate.organisationId === siteId ? 'site' : 'otherDoor']]
      const isHere = elders.some(({ elder }) => elder.householdId === plate.householdId)
      return [[plate.id, isHere ? (plate.kind === 'card' ? 'card' : 'door') : 'otherDoor']]
    })
    return { kindOf: new Map(kinds) }
  }
}

/** "扫门牌开始，离门牌 35 米，同一部手机" */
export function evidenceWords(row: Evidence, words: EvidenceWords): string {
  const parts = [
    titleOf(row, words),
    row.distanceMetres === null ? null : `离门牌 ${row.distanceMetres} 米`,
    row.boundDevice ? '本人手机' : null,
  ]
  return parts.filter((part) => part !== null).join('，')
}

/** Everything that happened to a visit, in order, and at the end what it means for the points. */
export function presentTimeline(
  visit: VisitRecord,
  context: VisitContext,
  parts: { words: EvidenceWords; postings: readonly Posting[] },
  pointsSentence: string,
): Item[] {
  const happened = [
    ...visit.evidence.flatMap((row) => evidenceItems(row, visit, parts.words)),
    ...exceptionItems(visit, context),
    ...visit.confirmations.map((row) => ({
      at: row.at.toISOString(),
      kind: 'confirmation',
      tone: row.answer === 'yes' ? ('ok' as const) : row.answer === 'no' ? ('bad' as const) : ('wait' as const),
      title: `${row.how === 'site' ? '现场' : '老人'}确认：${ANSWER_WORDS[row.answer] ?? row.answer}`,
      note: `${HOW_WORDS[row.how] ?? row.how}，${byNameOf(row.byPersonId, context)}`,
    })),
    ...visit.decisions.map((row) => ({
      at: row.at.toISOString(),
      kind: 'decision',
      tone: row.decision === 'approve' ? ('ok' as const) : ('bad' as const),
      title: row.decision === 'approve' ? '社区审核通过' : '社区退回',
      note: [context.wordsOf(row.reasonCode), row.note, byNameOf(row.byPersonId, context)]
        .filter((part) => part !== null && part !== '')
        .join('，'),
    })),
    ...heardItems(visit, context),
    ...parts.postings.map(postingItem),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return visit.state === 'inProgress' ? happened : [...happened, outcomeItem(visit, happened, pointsSentence)]
}

function evidenceItems(row: Evidence, visit: VisitRecord, words: EvidenceWords): Item[] {
  const isAfterClosing = row.phase === 'out' && visit.closedBy === 'job' && row.method !== 'job'
  const title = isAfterClosing ? '自动结束以后才按「帮完了」' : titleOf(row, words)
  const note = [
    row.distanceMetres === null ? null : `离门牌 ${row.distanceMetres} 米`,
    row.boundDevice ? '本人手机' : null,
    `凭证 L${row.level}`,
  ]
    .filter((part) => part !== null)
    .join('，')
  const kind = row.phase === 'in' ? 'checkIn' : row.phase === 'out' ? 'checkOut' : 'scan'
  const item: Item = {
    at: row.at.toISOString(),
    kind,
    tone: row.method === 'job' ? 'warn' : isAfterClosing ? 'none' : 'ok',
    title,
    note,
  }
  const isLate = row.method !== 'job' && row.recordedAt > addSeconds(row.at, UPLOAD_SECONDS)
  return isLate
    ? [item, { at: row.recordedAt.toISOString(), kind: 'upload', tone: 'none', title: '有网后上传', note: null }]
    : [item]
}

function titleOf({ method, plateId, phase }: Evidence, { kindOf }: EvidenceWords): string {
  const when = PHASE_WORDS[phase] ?? ''
  if (method === 'job') return '到时间自动结束'
  if (method === 'button') return '按「帮完了」结束'
  if (method === 'rotating') return `扫动态码${when}`
  if (method === 'staff') return `工作人员录入${when}`
  return `${method === 'typedNumber' ? '输入门牌号' : PLATE_WORDS[kindOf.get(plateId ?? '') ?? 'door']}${when}`
}

function exceptionItems(visit: VisitRecord, context: VisitContext): Item[] {
  const viewer = viewerOf(context.actor, visit)
  if (viewer === 'elder') return []
  return visit.exceptions.map((row) => ({
    at: row.raisedAt.toISOString(),
    kind: 'exception',
    tone: row.severity === 'red' ? ('bad' as const) : row.severity === 'amber' ? ('warn' as const) : ('none' as const),
    title: exceptionSentence(
      row.code as ExceptionCode,
      JSON.parse(row.detail) as Record<string, unknown>,
      viewer === 'desk' ? 'staff' : 'helper',
    ),
    note: row.resolvedAt === null ? null : settledWords(row, visit.siteId !== null, context.wordsOf),
  }))
}

/** What helpers, elders on the telephone and staff said; the family isn't told how the record is doubted. */
function heardItems(visit: VisitRecord, context: VisitContext): Item[] {
  const viewer = viewerOf(context.actor, visit)
  if (viewer === 'elder') return []
  const { notes, calls, appeals, corrections, complaints, ratings } = visit.heard
  const joinedWords = (...parts: (string | null)[]) => parts.filter((part) => part !== null && part !== '').join('，')
  return [
    ...notes.map(
      (row): Item => ({
        at: row.at.toISOString(),
        kind: 'note',
        tone: 'none',
        title: `志愿者说明：${explanationWords(row.reasonCode)}`,
        note: joinedWords(row.note, row.claimedEndAt === null ? null : `说是 ${clockOf(row.claimedEndAt)} 结束的`),
      }),
    ),
    ...(viewer === 'desk' ? calls : []).map(
      (row): Item => ({
        at: row.at.toISOString(),
        kind: 'call',
        tone: row.answer === 'yes' ? 'ok' : row.answer === 'no' ? 'bad' : 'wait',
        title: row.reached ? `电话回访：${ANSWER_WORDS[row.answer ?? ''] ?? ''}` : '电话没打通',
        note: joinedWords(
          row.satisfaction === null ? null : `满意度 ${row.satisfaction} 分`,
          row.note,
          byNameOf(row.byPersonId, context),
        ),
      }),
    ),
    ...corrections.map(
      (row): Item => ({
        at: row.at.toISOString(),
        kind: 'correction',
        tone: 'warn',
        title: `按实际时间改为 ${clockOf(row.endAt)} 结束`,
        note: joinedWords(`原来自动结束在 ${clockOf(row.wasAt)}`, row.note, byNameOf(row.byPersonId, context)),
      }),
    ),
    ...(viewer === 'desk' ? ratings : []).map(
      (row): Item => ({
        at: row.at.toISOString(),
        kind: 'rating',
        tone: row.face === 1 ? 'warn' : 'none',
        title: `${row.how === 'proxy' ? '代办人' : '老人'}觉得：${FACES[row.face as Face]}`,
        note: null,
      }),
    ),
    ...complaints.flatMap((row) => complaintItems(row, context)),
    ...appeals.flatMap((row): Item[] => {
      const asked: Item = {
        at: row.at.toISOString(),
        kind: 'appeal',
        tone: 'wait',
        title: `志愿者申诉：${appealWords(row.reasonCode)}`,
        note: row.note,
      }
      if (row.decidedAt === null || row.decidedByPersonId === null) return [asked]
      const decided: Item = {
        at: row.decidedAt.toISOString(),
        kind: 'appeal',
        tone: row.state === 'upheld' ? 'ok' : 'bad',
        title: row.state === 'upheld' ? '申诉成立' : '申诉不成立',
        note: joinedWords(row.decisionNote, byNameOf(row.decidedByPersonId, context)),
      }
      return [asked, decided]
    }),
  ].map((item) => ({ ...item, note: item.note === '' ? null : item.note }))
}

/** What somebody said was wrong, what was put aside for it, and what came out; never who said it. */
function complaintItems(row: VisitRecord['heard']['complaints'][number], context: VisitContext): Item[] {
  const asked: Item = {
    at: row.openedAt.toISOString(),
    kind: 'complaint',
    tone: 'warn',
    title: `有人反映：${COMPLAINT_WORDS[row.kind as ComplaintKind]}`,
    note: row.frozenMilliPoints > 0n ? `${pointsText(row.frozenMilliPoints)} 分先放在一边` : null,
  }
  if (row.decidedAt === null || row.decidedByPersonId === null) return [asked]
  const isRight = row.state === 'upheld'
  const back = row.frozenMilliPoints > 0n && !isRight ? '放在一边的分还给志愿者' : null
  return [
    asked,
    {
      at: row.decidedAt.toISOString(),
      kind: 'complaint',
      tone: isRight ? 'bad' : 'ok',
      title: isRight ? '核实属实' : '核实不属实',
      note: [row.reason, back, byNameOf(row.decidedByPersonId, context)]
        .filter((part) => part !== null && part !== '')
        .join('，'),
    },
  ]
}

type Settled = { reasonCode: string | null; resolutionCode: string | null }

function settledWords(
  { reasonCode, resolutionCode }: Settled,
  atSite: boolean,
  wordsOf: (code: string) => string,
): string {
  const who = atSite ? '现场' : '老人'
  if (resolutionCode === 'answered') return `${who}后来回应了`
  if (resolutionCode === 'corrected') return `${who}改口了`
  const how =
    RESOLUTIONS[resolutionCode as keyof typeof RESOLUTIONS] ??
    (resolutionCode === null ? '已处理' : wordsOf(resolutionCode))
  return reasonCode === null ? how : `${how}：${wordsOf(reasonCode)}`
}

function postingItem({ kind, recordedAt, milliPoints: amount, explanation }: Posting): Item {
  const said = JSON.parse(explanation) as Partial<Explanation> & { reason?: string }
  const at = recordedAt.toISOString()
  if (kind === 'REVERSE')
    return { at, kind: 'reversal', tone: 'bad', title: `收回 ${pointsText(amount)} 分`, note: said.reason ?? null }
  return { at, kind: 'posting', tone: 'ok', title: `记账 +${pointsText(amount)} 分`, note: said.formula ?? null }
}

/** Points are posted, or they aren't yet, or they never will be: never without a reason. */
function outcomeItem(visit: VisitRecord, happened: readonly Item[], title: string): Item {
  const { awardedMilliPoints, state, expectedMilliPoints } = visit
  const isPaid = awardedMilliPoints !== null && awardedMilliPoints > 0n
  const isOver = awardedMilliPoints === 0n || state === 'returned' || expectedMilliPoints === 0n
  const at = happened.at(-1)?.at ?? visit.checkInAt.toISOString()
  return {
    at,
    kind: 'points',
    tone: isPaid ? 'ok' : isOver ? 'none' : state === 'disputed' ? 'bad' : 'wait',
    title,
    note: null,
  }
}
