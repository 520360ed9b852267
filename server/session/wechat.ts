import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import type { Tokens } from '../../shared/session/view'
import type { Keys } from '../core/config'
import { blindIndex, openField, sealField } from '../core/crypto'
import type { Parts } from '../core/route'
import { findByPhone, sealForPerson } from '../person/vault'
import type { Failure } from '../wechat/results'
import { type Phone, startSession } from './start'

const TICKET_SECONDS = 600
const TICKET = { table: 'session', column: 'ticket', personId: '', version: 1 }

type Login = Phone & { code: string }
type PhoneLogin = Phone & { ticket: string; phoneCode: string }

/** First step: who the openid belongs to, or a ticket for the second one. */
export async function logInWithWechat(parts: Parts, input: Login, at: Date): Promise<Tokens | { ticket: string }> {
  const answer = await wechatOf(parts).codeToSession(input.code)
  if (!answer.ok) throw refusalOf(answer)
  const { keys } = parts.config
  const person = await parts.db.person.findUnique({
    where: { openidIndex: blindIndex(keys.index, 'openid', answer.openid) },
  })
  if (person !== null) return startSession(parts.db, keys, person.id, input, at)
  return { ticket: newTicket(keys, answer.openid, at) }
}

/** Second step: the phone number decides which registered person this WeChat account is. */
export async function logInWithPhone(parts: Parts, input: PhoneLogin, at: Date): Promise<Tokens> {
  const { db, config } = parts
  const openid = readTicket(config.keys, input.ticket, at)
  const personIds = await findByPhone(db, config.keys, await phoneOf(parts, input.phoneCode))
  const [personId] = personIds
  if (personId === undefined || personIds.length > 1) throw new Refusal('PERSON_UNKNOWN')
  await bindOpenid(parts, personId, openid)
  return startSession(db, config.keys, personId, input, at)
}

/** The number behind a code of WeChat's phone button. */
export async function phoneOf(parts: Parts, phoneCode: string): Promise<string> {
  const answer = await wechatOf(parts).phoneOfCode(phoneCode)
  if (!answer.ok) throw refusalOf(answer)
  return answer.phone
}

/** From now on this WeChat account is this person. */
export async function bindOpenid({ db, config: { keys } }: Parts, personId: string, openid: string): Promise<void> {
  const openidSealed = await sealForPerson(db, keys, personId, 'person', 'openid', openid)
  await db.person.update({
    where: { id: personId },
    data: { openidSealed, openidIndex: blindIndex(keys.index, 'openid', openid) },
  })
}

function newTicket(keys: Keys, openid: string, at: Date): string {
  return sealField(keys.own, JSON.stringify({ openid, until: addSeconds(at, TICKET_SECONDS).toISOString() }), TICKET)
}

/** The openid of the first step. @throws Refusal SESSION_ENDED */
export function readTicket(keys: Keys, ticket: string, at: Date): string {
  try {
    const { openid, until } = JSON.parse(openField(keys.own, ticket, TICKET)) as {
      openid: string
      until: string
    }
    if (new Date(until) >= at) return openid
  } catch {
    // not a ticket of ours: the same answer as an old one
  }
  throw new Refusal('SESSION_ENDED')
}

function wechatOf({ wechat }: Parts) {
  if (wechat === null) throw new Refusal('WECHAT_UNREACHABLE')
  return wechat
}

function refusalOf(failure: Failure): Refusal {
  return new Refusal(
    failure.reason === 'codeInvalid' || failure.reason === 'codeUsed' || failure.reason === 'blocked'
      ? 'WECHAT_CODE_WRONG'
      : 'WECHAT_UNREACHABLE',
  )
}
