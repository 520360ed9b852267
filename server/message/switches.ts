import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { switchInput } from '../../shared/message/input'
import { CHANNELS, type Channel, isOnByStandard, outsideOf } from '../../shared/message/kinds'
import type { SwitchView } from '../../shared/message/view'
import { NOTICE_KIND_WORDS } from '../../shared/message/words'
import { NOTICE_KINDS } from '../../shared/notice/kinds'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import { findBy, type RowOf } from '../core/bulk'
import type { Db, Reader } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findRegionInScope, regionsOfPath } from '../region/queries'

type Way = { row: RowOf<'MessageSwitch'> | null; regionName: string | null }

/** Whether a kind goes out by a channel at one of these places: as the nearest region says, else as is standard. */
export async function switchesOf(
  db: Reader,
  regionPaths: readonly string[],
): Promise<(regionPath: string, kind: string, channel: Channel) => boolean> {
  const wayOf = await waysOf(db, regionPaths)
  return (regionPath, kind, channel) => wayOf(regionPath, kind, channel).row?.isOn ?? isOnByStandard(kind, channel)
}

async function waysOf(db: Reader, regionPaths: readonly string[]) {
  const chains = new Map<string, { id: string; name: string }[]>()
  for (const path of new Set(regionPaths)) chains.set(path, [...(await regionsOfPath(db, path))].reverse())
  const ids = [...chains.values()].flat().map((one) => one.id)
  const rows = await findBy(db, 'MessageSwitch', 'regionId', ids)
  return (regionPath: string, kind: string, channel: Channel): Way => {
    for (const { id, name } of chains.get(regionPath) ?? []) {
      const row = rows.find((one) => one.regionId === id && one.kind === kind && one.channel === channel)
      if (row !== undefined) return { row, regionName: name }
    }
    return { row: null, regionName: null }
  }
}

/** All kinds with what is said of them outside, and whether they go out at a place. */
export async function listSwitches(db: Db, actor: Actor, regionId: string): Promise<SwitchView[]> {
  const region = await findRegionInScope(db, actor, can('message.read'), regionId)
  const wayOf = await waysOf(db, [region.path])
  return Object.keys(NOTICE_KINDS).map((kind) => {
    const { words, isUrgent = false } = outsideOf(kind)
    return {
      ...{ kind, kindWords: NOTICE_KIND_WORDS[kind] ?? words, words, isUrgent },
      channels: CHANNELS.map((channel) => {
        const { row, regionName } = wayOf(region.path, kind, channel)
        return { channel, isOn: row?.isOn ?? isOnByStandard(kind, channel), fromRegionName: regionName }
      }),
    }
  })
}

/** A county switches a kind on or off at a place and below. @throws Refusal NOT_FOUND, BAD_INPUT for a kind there is none of */
export async function setSwitch(
  db: Db,
  actor: Actor,
  input: z.infer<typeof switchInput>,
  at: Date,
): Promise<{ id: string }> {
  const { id, regionId, kind, channel, isOn } = input
  return db.$transaction((tx) =>
    once(tx, { key: id, personId: actor.personId, verb: 'setSwitch', input, at }, async () => {
      const region = await findRegionInScope(tx, actor, can('message.keep'), regionId)
      if (!Object.hasOwn(NOTICE_KINDS, kind)) throw new Refusal('BAD_INPUT', { field: 'kind' })
      const key = { regionId_kind_channel: { regionId, kind, channel } }
      const before = await tx.messageSwitch.findUnique({ where: key })
      const next = { isOn, byPersonId: actor.personId, changedAt: at }
      await tx.messageSwitch.upsert({ where: key, create: { id, regionId, kind, channel, ...next }, update: next })
      await logOperation(tx, actor, {
        ...{ at, action: 'set', resource: 'message', resourceId: id, regionPath: region.path },
        before: { kind, channel, active: before?.isOn ?? isOnByStandard(kind, channel) },
        after: { kind, channel, active: isOn },
      })
      return { id }
    }),
  )
}
