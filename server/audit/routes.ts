import { countsQuery, decideInput, queueQuery } from '../../shared/audit/input'
import { outcomesView, queueCountsView, queuePage } from '../../shared/audit/view'
import { doneView } from '../../shared/core/view'
import { appealListQuery, correctEndInput, decideAppealInput } from '../../shared/visit/input'
import { appealPage } from '../../shared/visit/view'
import { DESK } from '../core/actor'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { decideAppeal, listAppeals } from './appeal'
import { correctEnd } from './correct-end'
import { decideVisits } from './decide'
import { DECIDERS } from './policy'
import { countQueue, listQueue } from './queries'

export const auditRoutes: Route[] = [
  route(
    'GET',
    '/appeals',
    { summary: '申诉', who: DESK, query: appealListQuery, view: appealPage },
    ({ db, actor, at, query, parts }) => listAppeals(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/appeals/:id/decision',
    { summary: '处理申诉（另一位审核员）', who: DECIDERS, input: decideAppealInput, view: doneView },
    ({ db, actor, at, params, input }) => decideAppeal(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/visits/:id/end-correction',
    { summary: '自动结束的服务，按实际时间改结束', who: DECIDERS, input: correctEndInput, view: doneView },
    ({ db, actor, at, params, input }) => correctEnd(db, actor, readId(params.id), input, at),
  ),
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
