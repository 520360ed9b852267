import { doneView } from '../../shared/core/view'
import { mergeAnswerInput, mergeInput } from '../../shared/member/input'
import { mergesView } from '../../shared/member/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { askMerge, decideMerge, listMerges } from './merge'

export const mergeRoutes: Route[] = [
  route(
    'GET',
    '/person-merges',
    { summary: '像是同一个人的记录，和合并申请', may: 'person.merge', view: mergesView },
    ({ db, parts, actor }) => listMerges(db, parts.config.keys, actor),
  ),
  route(
    'POST',
    '/person-merges',
    { summary: '申请把两条记录合成一个人', may: 'person.merge', input: mergeInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => askMerge(db, actor, input, at),
  ),
  route(
    'POST',
    '/person-merges/:id/decision',
    { summary: '合并或退回（另一个人；合并后不能恢复）', may: 'person.merge', input: mergeAnswerInput, view: doneView },
    ({ db, actor, params, input, at }) => decideMerge(db, actor, readId(params.id), input, at),
  ),
]
