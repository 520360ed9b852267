import { alarmListQuery, closeAlarmInput, openAlarmInput, takeAlarmInput } from '../../shared/alarm/input'
import { alarmPage } from '../../shared/alarm/view'
import { doneView } from '../../shared/core/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { closeAlarm, openAlarm, takeAlarm } from './alarm'
import { listAlarms } from './list'

export const alarmRoutes: Route[] = [
  route(
    'GET',
    '/alarms',
    { summary: '求助', may: 'alarm.read', within: true, query: alarmListQuery, view: alarmPage },
    ({ db, parts, actor, query, at }) => listAlarms(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/alarms',
    { summary: '老人打电话求助', may: 'alarm.keep', input: openAlarmInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => openAlarm(db, actor, input, at),
  ),
  route(
    'POST',
    '/alarms/:id/taking',
    { summary: '我去', may: 'alarm.keep', input: takeAlarmInput, view: doneView },
    ({ db, actor, params, input, at }) => takeAlarm(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/alarms/:id/closing',
    { summary: '处理完了', may: 'alarm.keep', input: closeAlarmInput, view: doneView },
    ({ db, actor, params, input, at }) => closeAlarm(db, actor, readId(params.id), input, at),
  ),
]
