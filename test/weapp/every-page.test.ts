import { beforeAll, expect, test } from 'vitest'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import type { Weapp } from '../support/weapp/phone'
import { newTown } from '../support/weapp/town'

/** What the insides look like when they come through. */
const INSIDES = /undefined|null|NaN|\[object|Invalid Date|[A-Z]{3,}_[A-Z]/

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

test.each([
  ['a helper', (town) => town.logIn(town.helperPhone())],
  ['an elder', (town) => town.logIn(town.elderPhone())],
  ['staff of the village', (town) => town.logIn(town.staffPhone())],
  ['the redemption point', (town) => town.logIn(town.counterPhone())],
  ['nobody who is known', (town) => town.strangerPhone()],
] as [string, (town: Awaited<ReturnType<typeof newTown>>) => Promise<Weapp>][])(
  'whichever page %s opens, there is something to read and a way on',
  async (_, open) => {
    const phone = await open(await newTown(bundle, newDataRenderer))
    const broken: Record<string, string> = {}
    for (const path of bundle.pages) {
      await phone.reopen({ path })
      const lines = phone.lines()
      const inside = lines.find((line) => INSIDES.test(line))
      if (inside !== undefined) broken[path] = inside
      if (lines.length < 2) broken[path] = `nothing to read but ${lines.join()}`
      if (phone.buttons().length === 0) broken[path] = `no way on from ${lines.join(' | ')}`
    }
    expect(broken).toEqual({})
  },
)
