import { doneView } from '../../shared/core/view'
import {
  grantInput,
  messageCountQuery,
  messageListQuery,
  switchInput,
  switchListQuery,
} from '../../shared/message/input'
import { messageCountsView, messagePage, subjectsView, switchesView } from '../../shared/message/view'
import { type Route, route } from '../core/route'
import { keepGrants, listSubjects } from './grants'
import { countMessages, listMessages } from './list'
import { listSwitches, setSwitch } from './switches'

export const messageRoutes: Route[] = [
  route(
    'GET',
    '/messages',
    { summary: '消息发送', may: 'message.read', query: messageListQuery, view: messagePage },
    ({ db, parts, actor, query }) => listMessages(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/messages/counts',
    { summary: '消息发得怎么样', may: 'message.read', query: messageCountQuery, view: messageCountsView },
    ({ parts, actor, query, at }) => countMessages(parts, actor, query.regionId, at),
  ),
  route(
    'GET',
    '/message-switches',
    { summary: '哪些消息发出去', may: 'message.read', query: switchListQuery, view: switchesView },
    ({ db, actor, query }) => listSwitches(db, actor, query.regionId),
  ),
  route(
    'POST',
    '/message-switches',
    { summary: '开关一种消息', may: 'message.keep', input: switchInput, view: doneView },
    ({ db, actor, input, at }) => setSwitch(db, actor, input, at),
  ),
  route(
    'GET',
    '/message-subjects',
    { summary: '可以在微信里提醒我什么', who: 'person', view: subjectsView },
    ({ db, parts, actor }) => listSubjects(db, parts.config.messages, actor),
  ),
  route(
    'POST',
    '/message-grants',
    { summary: '同意在微信里提醒我', who: 'person', input: grantInput, view: doneView },
    ({ db, parts, actor, input, at }) => keepGrants(db, parts.config.messages, actor, input, at),
  ),
]
