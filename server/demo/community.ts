import type { Actor } from '../core/actor'
import { idFrom } from '../core/ids'
import type { DemoElder, DemoPeople } from './people'

export type Region = { id: string; code: string; name: string; kind: string; path: string; parentId: string | null }
export type Community = {
  county: Region
  villages: Region[]
  towns: Region[]
  people: DemoPeople
  /** who does the county's work in the history */
  admin: Actor
  staff: Map<string, Actor>
  /** whom the history is about, and no more: a county's register is never in memory */
  served: (elder: DemoElder) => boolean
  helpers: { id: string; personId: string; deviceId: string; villageCode: string }[]
  points: { id: string; region: Region }[]
  products: { id: string }[]
}
export type Progress = (done: number, of: number) => void

export const elderId = (index: number) => idFrom('demo', 'elder', String(index))
