import { pointsText, signedPointsText } from '../../shared/core/amounts'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { ExplanationView } from '../../shared/ledger/view'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import type { Explanation, Overflow } from '../../shared/scheme/document'
import { ruleWords } from '../../shared/scheme/rule-words'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Db, Prisma, Reader } from '../core/db'
import { schemesById } from '../scheme/queries'
import { ownersOf } from './account'
import { pathsOfPerson, pathsOfProgramme } from './entries'

type Row = Prisma.LedgerTransactionGetPayload<{ include: { entries: true } }>
/** What a transaction keeps of why it is: what the scheme said, or what a person wrote. */
type Kept = Partial<Explanation> & {
  reason?: string
  evidence?: string | null
  lots?: { transactionId: string; milliPoints: string }[]
}

/** What moves points without a rule of a scheme, in one sentence each. */
const SENTENCES: Record<string, string> = {
  HOLD: '换东西先留出来的，领走才算用掉',
  VOID: '没有领，留出来的还给您',
  POST: '换的东西领走了',
  PAY: '请人帮忙，用积分支付',
  REVERSE: '原来那一笔记错了或不算数，照原样退回',
  ADVANCE: '要退回的分已经用掉了，先垫上，以后得分再还',
  REPAY: '还以前垫上的分',
  FREEZE: '有事情要查清楚，先放在一边',
  UNFREEZE: '查清楚了，还回来',
  MANUAL: '两个人核对凭据以后手工记的',
  RESTORE: '两个人同意，把到期的还回来',
  MERGE: '同一个人的两个账户合成一个',
  IMPORT: '从别的系统转过来的',
  TRANSFER_REGION: '跟着人转到另一个县的账上',
  SETTLE: '和商家或另一个县结清',
  CLOSE: '账户关闭，余下的照规则处理',
  EXPIRE: '到期没有用，照规则收回',
  GRANT: '社区发放的',
}
const OVERFLOW_WORDS: Record<Overflow, string> = { drop: '不记', pool: '进公益池', honour: '记为荣誉' }

/**
 * Why a number is what it is: scheme, version, rule, what went in, the formula, and what was cut and why. For every kind of
 * transaction; to whom it moved points of, to who redeems for them, and to the desk of their place.
 *
 * @throws Refusal NOT_FOUND
 */
export async function explain(db: Db, actor: Actor, transactionId: string): Promise<ExplanationView> {
  const row = await db.ledgerTransaction.findUnique({ where: { id: transactionId }, include: { entries: true } })
  if (row === null || !(await maySee(db, actor, row))) throw new Refusal('NOT_FOUND')
  const kept = readKept(row.explanation)
  const lots = await lotsOf(db, kept)
  // An expiry has no rule of its own: its lots were given by one, and that says until when.
  const schemeId = kept.schemeId ?? lots.find((one) => one.schemeId !== undefined)?.schemeId
  const scheme = schemeId === undefined ? undefined : await schemeRow(db, schemeId)
  const rule = kept.rule ?? (row.kind === 'EXPIRE' ? 'expiry' : undefined)
  const earlier = row.reverses === null ? null : await db.ledgerTransaction.findUnique({ where: { id: row.reverses } })
  return {
    transactionId: row.id,
    kindWord: TRANSACTION_WORDS[row.kind] ?? row.kind,
    sentence: kept.formula === undefined ? (SENTENCES[row.kind] ?? null) : null,
    schemeTitle: scheme?.title ?? null,
    schemeVersion: scheme?.version ?? null,
    schemeFrom: scheme?.validFrom ?? null,
    schemeIsSample: scheme?.sample ?? false,
    rule: rule ?? null,
    ruleWords: rule === undefined ? null : ruleWords(rule),
    inputs: [...(kept.inputs ?? []), ...(await inputsOf(db, row)), ...lots.map(lotInput)],
    formula: kept.formula ?? null,
    cuts: (kept.cuts ?? []).map(({ sentence, milliPoints, to }) => ({
      sentence,
      milliPoints,
      toWord: OVERFLOW_WORDS[to ?? 'drop'],
    })),
    reason: kept.zeroReason ?? kept.reason ?? null,
    earlier:
      earlier === null
        ? null
        : {
            kindWord: TRANSACTION_WORDS[earlier.kind] ?? earlier.kind,
            formula: readKept(earlier.explanation).formula ?? null,
          },
    happenedAt: row.happenedAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
  }
}

async function maySee(db: Reader, actor: Actor, row: Row): Promise<boolean> {
  const accountIds = [row.heldAccountId ?? '', ...row.entries.map(({ accountId }) => accountId)]
  const owners = [...new Set((await ownersOf(db, accountIds)).values())]
  if (owners.includes(actor.personId)) return true
  const redeemsFor = actor.proxyOf.filter(({ scopes }) => scopes.includes('redeem')).map(({ elderId }) => elderId)
  if (redeemsFor.length > 0) {
    const elders = await db.elder.count({ where: { id: { in: redeemsFor }, personId: { in: owners } } })
    if (elders > 0) return true
  }
  const programme = await db.programme.findUniqueOrThrow({ where: { id: row.programmeId } })
  const paths = await pathsOfProgramme(db, programme.regionId)
  for (const personId of owners) paths.push(...(await pathsOfPerson(db, personId)))
  return paths.some((path) => mayOver(actor, can('points.read'), path))
}

async function schemeRow(db: Reader, schemeId: string) {
  const row = await db.scheme.findUnique({ where: { id: schemeId } })
  const document = (await schemesById(db, [schemeId])).get(schemeId)?.document
  return row === null || document === undefined
    ? undefined
    : { version: row.version, validFrom: row.validFrom, title: document.title, sample: document.sample }
}

/** What the transaction rests on, where the explanation itself doesn't say. */
async function inputsOf(db: Reader, row: Row): Promise<ExplanationView['inputs']> {
  if (row.refType === 'redemption') {
    const redemption = await db.redemption.findUnique({ where: { id: row.refId } })
    const product = redemption && (await db.product.findUnique({ where: { id: redemption.productId } }))
    if (redemption === null || product === null) return []
    return [
      { label: '换什么', value: product.name },
      { label: '价格', value: `${pointsText(redemption.priceMilliPoints)} 分` },
    ]
  }
  if (row.refType !== 'request') return []
  const request = await db.ledgerRequest.findUnique({ where: { id: row.refId }, include: { decision: true } })
  if (request === null) return []
  return [
    { label: '提出', value: dayOf(request.askedAt) },
    ...(request.decision === null ? [] : [{ label: '第二个人同意', value: dayOf(request.decision.at) }]),
    ...(request.evidenceHash === null
      ? []
      : [{ label: '凭据', value: `已登记，指纹 ${request.evidenceHash.slice(0, 12)}` }]),
  ]
}

type Lot = { day: string; milliPoints: string; schemeId: string | undefined }

/** Which points an expiry took: when they were earned, how many of them were left. */
async function lotsOf(db: Reader, { lots = [] }: Kept): Promise<Lot[]> {
  const rows = await db.ledgerTransaction.findMany({
    where: { id: { in: lots.slice(0, LOTS_SHOWN).map(({ transactionId }) => transactionId) } },
    select: { id: true, happenedAt: true, explanation: true },
  })
  return lots.slice(0, LOTS_SHOWN).flatMap(({ transactionId, milliPoints }) => {
    const row = rows.find(({ id }) => id === transactionId)
    return row === undefined
      ? []
      : [{ day: dayOf(row.happenedAt), milliPoints, schemeId: readKept(row.explanation).schemeId }]
  })
}
const LOTS_SHOWN = 30

function lotInput({ day, milliPoints }: Lot): { label: string; value: string } {
  return { label: `${day} 得到的`, value: `${signedPointsText(-BigInt(milliPoints))} 分` }
}

function readKept(explanation: string): Kept {
  return (JSON.parse(explanation) ?? {}) as Kept
}
