import { countsQuery, decideInput, queueQuery } from '../../shared/audit/input'
import { outcomesView, queueCountsView, queuePage } from '../../shared/audit/view'
import { DESK } from '../core/actor'
import { type Route, route } from '../core/route'
import { decideVisits } from './decide'
import { DECIDERS } from './policy'
import { countQueue, listQueue } from './queries'

export const auditRoutes: Route[] = [
  route(
    'GET',
    '/audit/queue',
    { summary: '待审核的服务', who: DESK, query: queueQuery, view: queuePage },
    ({ db, actor, at, query, parts }) => listQueue(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/audit/counts',
    { summary: '待审核的数量', who: DESK, query: countsQuery, view: queueCountsView },
    ({ db, actor, query }) => countQueue(db, actor, query),
  ),
  route(
    'POST',
    '/audit/decisions',
    { summary: '通过或退回', who: DECIDERS, input: decideInput, view: outcomesView },
    ({ db, actor, at, input }) => decideVisits(db, actor, input, at),
  ),
]
