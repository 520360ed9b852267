import { nothing } from '../../shared/core/input'
import { doneView } from '../../shared/core/view'
import { delegationInput } from '../../shared/member/input'
import { delegationsView, standInsView } from '../../shared/member/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { delegate, endDelegation, listDelegations, listStandIns } from './delegate'

export const delegationRoutes: Route[] = [
  route(
    'GET',
    '/delegations',
    { summary: '代班：谁替谁，到什么时候', may: ['delegation.keep', 'staff.read'], view: delegationsView },
    ({ db, parts, actor, at }) => listDelegations(db, parts.config.keys, actor, at),
  ),
  route(
    'GET',
    '/staff/:id/stand-ins',
    { summary: '谁可以代这个岗位', may: 'delegation.keep', view: standInsView },
    ({ db, parts, actor, params, at }) => listStandIns(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/delegations',
    { summary: '请人代班，到时自动结束', may: 'delegation.keep', input: delegationInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => delegate(db, actor, input, at),
  ),
  route(
    'POST',
    '/delegations/:id/ending',
    { summary: '提前结束代班', may: 'delegation.keep', input: nothing, view: doneView },
    ({ db, actor, params, at }) => endDelegation(db, actor, readId(params.id), at),
  ),
]
