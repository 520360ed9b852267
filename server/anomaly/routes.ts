import { anomalyListQuery, closeAnomalyInput, manualShareQuery, publicShareQuery } from '../../shared/anomaly/input'
import { anomalyPage, manualShareView, publicShareView } from '../../shared/anomaly/view'
import { doneView } from '../../shared/core/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { closeAnomaly, listAnomalies } from './cases'
import { manualShare, publicShare } from './share'

export const anomalyRoutes: Route[] = [
  route(
    'GET',
    '/anomalies',
    { summary: '异常线索', may: 'anomaly.read', query: anomalyListQuery, view: anomalyPage },
    ({ db, parts, actor, query }) => listAnomalies(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/anomalies/:id/closing',
    { summary: '线索看过了', may: 'anomaly.close', input: closeAnomalyInput, view: doneView },
    ({ db, actor, params, input, at }) => closeAnomaly(db, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/manual-share',
    { summary: '手工录入占比', may: 'anomaly.read', query: manualShareQuery, view: manualShareView },
    ({ db, parts, actor, query }) => manualShare(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/public/manual-share',
    { summary: '手工录入占比（公示，没有个人信息）', who: 'public', query: publicShareQuery, view: publicShareView },
    ({ db, query, at }) => publicShare(db, query, at),
  ),
]
