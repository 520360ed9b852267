import type { Keys } from '../core/config'
import { isWrappedByOldKey, unwrapKey, wrapKey } from '../core/crypto'
import type { Db } from '../core/db'
import { countKeys, destroyKeys, keysNotOf, pageOfKeys, rewrap } from '../core/key-store'

const PAGE = 500

/**
 * Wraps persons' keys with the ring's first key, a page at a time, until none is left or `pages` are done. Sealed values stay
 * as they are; who is read meanwhile is opened with either key.
 *
 * @returns how many were wrapped anew
 */
export async function rotateKeys(
  db: Db,
  { kek }: Keys,
  { pages = Number.POSITIVE_INFINITY, onKey = () => {} }: { pages?: number; onKey?: () => void } = {},
): Promise<number> {
  let done = 0
  for (let page = 0; page < pages; page++) {
    const old = await keysNotOf(db, kek[0].id, PAGE)
    if (old.length === 0) break
    for (const row of old) {
      if (!isWrappedByOldKey(kek, row.wrapped)) continue
      const wrapped = wrapKey(kek, unwrapKey(kek, row.wrapped, row.personId), row.personId)
      done += await db.$transaction((tx) => rewrap(tx, row, { ...row, kekId: kek[0].id, wrapped }))
      onKey()
    }
    // SQLite answers within the same turn of the loop: others get theirs here
    await new Promise((resolve) => setImmediate(resolve))
  }
  return done
}

/** How far a rotation is: keys wrapped by the newest key, and those that wait. */
export async function keyProgress(db: Db, { kek, suite }: Keys) {
  const counts = await countKeys(db)
  const all = counts.reduce((sum, one) => sum + one.keys, 0)
  const current = counts.find((one) => one.kekId === kek[0].id)?.keys ?? 0
  return { suite, kekId: kek[0].id, keys: all, waiting: all - current, byKek: counts }
}

/** Destroys keys of nobody: of who was erased, and of who never came to be because the transaction around them was taken back. */
export async function sweepKeys(db: Db): Promise<number> {
  let swept = 0
  let after = ''
  while (true) {
    const page = await db.$transaction(async (tx) => {
      const rows = await pageOfKeys(tx, after, PAGE)
      const ids = rows.map((one) => one.personId)
      const living = new Set(
        (await tx.person.findMany({ where: { id: { in: ids }, erasedAt: null }, select: { id: true } })).map(
          (one) => one.id,
        ),
      )
      return { ids, gone: ids.filter((id) => !living.has(id)) }
    })
    if (page.gone.length > 0) swept += await db.$transaction((tx) => destroyKeys(tx, page.gone))
    const last = page.ids.at(-1)
    if (page.ids.length < PAGE || last === undefined) return swept
    after = last
  }
}

/** Why these keys can't open this database, or null: its persons are sealed with another suite or another key. */
export async function whyNotKeys(db: Db, keys: Keys): Promise<string | null> {
  const [first] = await pageOfKeys(db, '', 1)
  if (first === undefined) return null
  try {
    const { suite } = unwrapKey(keys.kek, first.wrapped, first.personId)
    return suite === keys.suite ? null : `MULIN_SUITE: the persons in this database are sealed with ${suite}`
  } catch {
    return 'MULIN_KEK: the keys in this database can’t be opened with it'
  }
}
