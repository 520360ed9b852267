// A phone without a network, as the server sees it: a chain of signed events, uploaded in whatever order and however often.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Actor } from '../../server/core/actor'
import { rawPublicKey, sha256Hex } from '../../server/proof/crypto'
import { uploadEvents } from '../../server/queue/upload'
import type { QueueEvent } from '../../shared/queue/input'
import { eventText } from '../../shared/queue/rules'
import type { World } from './world'

type Body = QueueEvent['body']

/** Its key is registered for the phone the actor is logged in on. */
export async function newOfflinePhone(world: Pick<World, 'db' | 'keys' | 'clock'>, actor: Actor) {
  const { db, keys, clock } = world
  const deviceId = actor.deviceId as string
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = Buffer.from(rawPublicKey(publicKey)).toString('hex')
  await db.deviceKey.create({ data: { deviceId, publicKey: key, registeredAt: clock.now } })
  const opened = clock.now.getTime()
  const boot = randomUUID()
  const chainId = randomUUID()
  const events: QueueEvent[] = []
  let last: string | null = null
  const phone = {
    /** how far its clock is ahead of the right time */
    aheadMs: 0,
    events,
    chainId,
    clocks: () => ({
      wallAt: new Date(clock.now.getTime() + phone.aheadMs).toISOString(),
      monotonicMs: Math.max(0, clock.now.getTime() - opened),
      boot,
    }),
    signed(event: Omit<QueueEvent, 'signature'>, chain = chainId): QueueEvent {
      const hash = sha256Hex(eventText(chain, event))
      return { ...event, signature: sign(null, Buffer.from(hash, 'hex'), privateKey).toString('hex') }
    },
    press(kind: QueueEvent['kind'], body: Body, id: string = randomUUID()): QueueEvent {
      const event = phone.signed({
        ...{ id, kind, deviceId, seq: events.length + 1, previousHash: last, body },
        ...phone.clocks(),
      })
      last = sha256Hex(eventText(chainId, event))
      events.push(event)
      return event
    },
    send: (some: readonly QueueEvent[] = events, as: Actor = actor) =>
      uploadEvents({ db, keys, actor: as, at: clock.now }, { chainId, sent: phone.clocks(), events: [...some] }),
  }
  return phone
}
