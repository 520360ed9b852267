import { blindIndex } from '../../server/core/crypto'
import { notify } from '../../server/notice/notify'
import { sealForPerson } from '../../server/person/vault'
import type { Sms, SmsResult, Text } from '../../server/sms/sms'
import { newTableTokenStore, tokenTableOf } from '../../server/wechat/token-store'
import type { WechatOptions } from '../../server/wechat/wechat'
import type { NoticeKind } from '../../shared/notice/kinds'
import type { SchemeDocument } from '../../shared/scheme/document'
import { newWechatWorld } from './wechat-world'
import { newWorld, SIMPLE } from './world'

const PAGES = ['ledger/apart/give', 'ledger/points', 'notice/mine', 'order/today']
const TEMPLATE = { thing: 'thing1', time: 'time2', isLasting: false }
export const TEMPLATES = {
  help: { ...TEMPLATE, id: 'tpl-help' },
  points: { ...TEMPLATE, id: 'tpl-points' },
  desk: { ...TEMPLATE, id: 'tpl-desk', isLasting: true },
}

/** A gateway for text messages that keeps what it got, and fails as often as it is told. */
export function newSmsSpy() {
  const texts: Text[] = []
  const answers: SmsResult[] = []
  const sms: Sms = {
    async send(text) {
      const answer = answers.shift() ?? { ok: true }
      if (answer.ok) texts.push(text)
      return answer
    },
  }
  return { sms, texts, answers }
}

/** A county with WeChat (emulated) and SMS, where people can be told things. */
export async function newMessageWorld(given: Partial<WechatOptions> = {}, rules: Partial<SchemeDocument> = {}) {
  const { emulator, wechat, processWith } = await newWechatWorld(given)
  const gateway = newSmsSpy()
  const world = await newWorld({
    wechat,
    sms: gateway.sms,
    scheme: { ...SIMPLE, ...rules },
    config: { messages: { templates: TEMPLATES, build: 'release', sms: null } },
  })
  for (const { id } of Object.values(TEMPLATES)) emulator.addTemplate(id, ['thing1', 'time2'])
  for (const page of PAGES) emulator.publishedPages.add(page)
  const { db, keys, parts } = world
  emulator.clock.advance((world.clock.now.getTime() - emulator.clock.now().getTime()) / 1000)

  /** Ties somebody to a WeChat account, as logging in does. */
  async function withWechat(personId: string): Promise<string> {
    const { openid } = emulator.addUser()
    await db.person.update({
      where: { id: personId },
      data: {
        openidSealed: await sealForPerson(db, keys, personId, 'person', 'openid', openid),
        openidIndex: blindIndex(keys.index, 'openid', openid),
      },
    })
    return openid
  }

  /** The tap: WeChat and we both know of it. */
  async function agree(personId: string, openid: string, subject: keyof typeof TEMPLATES, times = 1): Promise<void> {
    emulator.allow(openid, TEMPLATES[subject].id, TEMPLATES[subject].isLasting ? 'longTerm' : times)
    const next = { left: times, isLasting: TEMPLATES[subject].isLasting, changedAt: world.clock.now }
    const key = { personId_subject: { personId, subject } }
    await db.messageGrant.upsert({ where: key, create: { personId, subject, ...next }, update: next })
  }

  async function tell(
    personId: string,
    kind: NoticeKind,
    key: string,
    phoneLink = '/ledger/apart/give',
  ): Promise<void> {
    const words = { title: '家人要送您积分', body: '一共 5 分，请您看看收不收。' }
    await db.$transaction((tx) => notify(tx, [{ personId, kind, ...words, key, phoneLink }], world.clock.now))
  }
  const messages = () => db.message.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })

  /** WeChat of another process: its own memory, the token in the database. */
  const otherProcess = () =>
    processWith(
      newTableTokenStore({
        table: tokenTableOf(db.wechatToken),
        id: 'wx',
        seal: (token) => token,
        open: (sealed) => sealed,
        now: parts.now,
        wait: { polls: 100, pollMs: 20 },
      }),
      { now: parts.now },
    )

  return { ...world, emulator, gateway, withWechat, agree, tell, messages, otherProcess }
}
export type MessageWorld = Awaited<ReturnType<typeof newMessageWorld>>
