// What another region has is not there: the same words, and as long as for what nobody has. A record that was found first and
// refused then would take longer, and tell by that.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import { times } from '../support/long'
import { recordsIn, SCOPE } from '../support/scope-table'
import { newWorld, serveWorld } from '../support/world'

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/
const ROUNDS = times(15, 300)
/** A busy machine is no witness for less. */
const MORE_ALLOWED = 0.3
const medianOf = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

test('of another region’s record one learns neither by the words nor by the time that it is there', async () => {
  const world = await newWorld()
  const records = await recordsIn(world)
  const { ask } = await serveWorld(world)
  const foreigner = await world.staff('countyAdmin', world.places.otherCounty)
  const taken = async (path: string) => {
    const began = performance.now()
    const { status, body } = await ask<{ code?: string; sentence?: string }>(foreigner, 'GET', path)
    return { ms: performance.now() - began, said: `${status} ${body.code} ${body.sentence}` }
  }
  const reads = ROUTES.flatMap(({ method, path, who }) => {
    const row = SCOPE[`${method} ${path}`]
    const asked = row?.path?.(records)
    const isTheirs = method === 'GET' && row?.about === 'record' && row.holdsBelow !== true && asked !== undefined
    return isTheirs && UUID.test(asked) && who.includes('countyAdmin' as never) ? [asked] : []
  })
  expect(reads.length).toBeGreaterThan(15)
  const there: number[][] = reads.map(() => [])
  const nowhere: number[][] = reads.map(() => [])
  for (let round = -2; round < ROUNDS; round++)
    for (const [place, path] of reads.entries()) {
      const other = path.replace(UUID, randomUUID())
      // who is asked first changes from round to round: the second finds everything warm
      const [one, two] = round % 2 === 0 ? [path, other] : [other, path]
      const [first, second] = [await taken(one), await taken(two)]
      expect(first.said, path).toBe(second.said)
      expect(first.said, path).toMatch(/^404 /)
      if (round < 0) continue
      const [own, none] = round % 2 === 0 ? [first, second] : [second, first]
      there[place]?.push(own.ms)
      nowhere[place]?.push(none.ms)
    }
  const sum = (all: readonly number[][]) => all.reduce((so, one) => so + medianOf(one), 0)
  expect(Math.abs(sum(there) / sum(nowhere) - 1)).toBeLessThan(MORE_ALLOWED)
}, 120_000)
