import type { z } from 'zod'
import { can, type Permission } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import type { Sms } from '../sms/sms'
import type { Wechat } from '../wechat/wechat'
import type { Actor, Facet, Own } from './actor'
import type { Config } from './config'
import type { Db } from './db'
import type { Log } from './log'

/** Parts the server is made of: main.ts makes the real ones, tests pass their own. */
export type Parts = { db: Db; config: Config; now: () => Date; log: Log; wechat: Wechat | null; sms: Sms | null }

type Given<I, Q> = {
  db: Db
  actor: Actor
  at: Date
  params: Record<string, string>
  input: I
  query: Q
  parts: Parts
  requestId: string
}

/** Bytes instead of JSON: a PDF, a spreadsheet. */
export type File = { bytes: Buffer; type: string; name: string }

/**
 * One route: who may try, what goes in, what comes out. Routing, the OpenAPI document and the test matrix are all made from
 * this one list. `who: 'public'` needs no login (then `actor` must not be read), `'person'` any login.
 */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** below /api/v1, e.g. /visits/:id/confirmation */
  path: string
  summary: string
  who: 'public' | 'person' | readonly Facet[]
  may: readonly Permission[]
  /** a list of the desk: on PostgreSQL the database itself keeps it inside the paths its permissions are held for */
  within: boolean
  input: z.ZodType | null
  query: z.ZodType | null
  /** null: answers bytes */
  view: z.ZodType | null
  status: number
  run: (given: Given<unknown, unknown>) => Promise<unknown>
}

type Plan<I extends z.ZodType | undefined, Q extends z.ZodType | undefined, V extends z.ZodType | undefined> = {
  summary: string
  /** facets only: which staff, the table of permissions says */
  who?: 'public' | 'person' | readonly Own[]
  may?: Permission | readonly Permission[]
  within?: boolean
  input?: I
  query?: Q
  view?: V
  status?: number
}
type Parsed<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined

/** Ties the types of input, query and view to the function that answers. Without a view it answers a File. */
export function route<
  I extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  V extends z.ZodType | undefined = undefined,
>(
  method: Route['method'],
  path: string,
  plan: Plan<I, Q, V>,
  run: (given: Given<Parsed<I>, Parsed<Q>>) => Promise<V extends z.ZodType ? z.input<V> : File>,
): Route {
  const permissions = typeof plan.may === 'string' ? [plan.may] : (plan.may ?? [])
  const own = plan.who ?? []
  return {
    method,
    path,
    summary: plan.summary,
    who: typeof own === 'string' ? own : [...own, ...can(...permissions)],
    may: permissions,
    within: plan.within ?? false,
    input: plan.input ?? null,
    query: plan.query ?? null,
    view: plan.view ?? null,
    status: plan.status ?? 200,
    run: run as unknown as Route['run'],
  }
}

export type { Role }
