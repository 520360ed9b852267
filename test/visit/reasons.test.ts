import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { closeLongVisits } from '../../server/visit/close-long'
import { holdSilent } from '../../server/visit/hold-silent'
import { showVisit } from '../../server/visit/show'
import { atDoor, type Door, HOME, NEAR } from '../support/door'
import { forge } from '../support/forge'
import { newWorld, SIMPLE, type World } from '../support/world'

type Place = { world: World; door: Door; decide: (id: string, more: object) => Promise<unknown> }
/** What becomes of a visit, step by step; each answers the visit. */
type Walk = (place: Place) => Promise<string>

const served =
  (minutes: number, level: 1 | 2): Walk =>
  ({ door }) =>
    door.served(minutes, level)
const then =
  (walk: Walk, ...steps: ((place: Place, id: string) => Promise<unknown>)[]): Walk =>
  async (place) => {
    const id = await walk(place)
    for (const step of steps) await step(place, id)
    return id
  }
const says = (answer: 'yes' | 'no' | 'unsure') => (place: Place, id: string) => place.door.answer(id, answer)
const approve = (place: Place, id: string) => place.decide(id, { decision: 'approve', reasonCode: 'allGood' })
const giveBack = (place: Place, id: string) => place.decide(id, { decision: 'return', reasonCode: 'notThisLong' })
const silence = async ({ world }: Place) => {
  world.later(73 * 3600)
  await holdSilent(world.db, world.clock.now)
}
const begun: Walk = async ({ door }) => (await door.begin({ place: NEAR })).id

const WALKS: Record<string, Walk> = {
  begun,
  'forgotten and closed by the clock': then(begun, async ({ world }) => {
    world.later(9 * 3600)
    await closeLongVisits(world.db, world.keys, world.clock.now)
  }),
  'ended, well proved': served(65, 2),
  'ended, by a plate alone': served(65, 1),
  'too short': served(8, 1),
  'too short, answered': then(served(8, 2), says('yes')),
  'too long': served(300, 2),
  'too long, answered': then(served(300, 2), says('yes')),
  'answered yes': then(served(65, 2), says('yes')),
  'answered yes, by a plate alone': then(served(65, 1), says('yes')),
  'answered yes and approved': then(served(65, 1), says('yes'), approve),
  'posted and approved': then(served(65, 2), says('yes'), approve),
  'posted and given back': then(served(65, 2), says('yes'), giveBack),
  'answered no': then(served(65, 2), says('no')),
  'answered no, given back': then(served(65, 2), says('no'), giveBack),
  'nobody knows': then(served(65, 2), says('unsure')),
  'nobody answered': then(served(65, 2), silence),
  'nobody answered, approved': then(served(65, 2), silence, approve),
  'yes, then no': then(served(65, 2), says('yes'), says('no')),
  overlapping: async ({ world, door }) => {
    await door.served(65, 2)
    world.later(-1800)
    return door.served(20, 2)
  },
}

test.each(['as it is', 'where nothing earns', 'without rules'])(
  'no visit is without a reason in a sentence, whatever became of it (%s)',
  async (kind) => {
    const scheme =
      kind === 'where nothing earns' ? { ...SIMPLE, earn: { ...SIMPLE.earn, natures: ['mutualAid' as const] } } : SIMPLE
    const world = await newWorld({ scheme })
    if (kind === 'without rules') await forge(world.db, ['scheme'], `UPDATE scheme SET "validFrom" = '2099-01-01'`)
    const auditor = await world.staff('townAuditor', world.places.town)
    const decide = (id: string, more: object) =>
      decideVisits(world.db, auditor, { id: randomUUID(), visitIds: [id], ...more } as never, world.clock.now)
    const states = new Set<string>()
    const without: string[] = []
    for (const [name, walk] of Object.entries(WALKS)) {
      const door = await atDoor(world, { homePoint: HOME })
      const id = await walk({ world, door, decide })
      states.add((await door.visitOf(id)).state)
      for (const actor of [door.helper.actor, auditor]) {
        const { why, pointsSentence, timeline } = await showVisit(world.db, world.keys, actor, id, world.clock.now)
        for (const sentence of [why, pointsSentence])
          if (!/\p{Script=Han}{3}/u.test(sentence) || /undefined|null|NaN|[A-Z]{2}_/.test(sentence))
            without.push(`${name}: ${sentence}`)
        if (timeline.length === 0) without.push(`${name}: no timeline`)
      }
    }
    expect(without).toEqual([])
    if (kind === 'as it is')
      expect([...states].sort()).toEqual(['approved', 'confirmed', 'disputed', 'finished', 'inProgress', 'returned'])
  },
)
