import { z } from 'zod'
import { nothing } from '../../shared/core/input'
import { doneView } from '../../shared/core/view'
import {
  askDataInput,
  dataRequestQuery,
  decideDataInput,
  fileDataInput,
  giveConsentInput,
  withdrawConsentInput,
} from '../../shared/person/input'
import { consentsView, dataRequestPage, dataRequestView, looksView } from '../../shared/person/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { giveConsent, myConsents, withdrawConsent } from './consents'
import { copyForRelatives, myCopy, myLooks } from './own'
import { askForOwn, decideRequest, fileForOther, listRequests, myRequests } from './requests'

export const personRoutes: Route[] = [
  route('GET', '/me/consents', { summary: '我同意了什么', who: 'person', view: consentsView }, ({ db, actor }) =>
    myConsents(db, actor),
  ),
  route(
    'POST',
    '/me/consents',
    { summary: '同意', who: 'person', input: giveConsentInput, view: doneView },
    ({ db, actor, input, at }) => giveConsent(db, actor, input, at),
  ),
  route(
    'POST',
    '/me/consents/withdrawal',
    { summary: '撤回同意', who: 'person', input: withdrawConsentInput, view: doneView },
    ({ db, parts, actor, input, at }) => withdrawConsent(db, parts.config.keys, actor, input, at),
  ),
  route('GET', '/me/looks', { summary: '谁看过我的信息', who: 'person', view: looksView }, ({ db, actor }) =>
    myLooks(db, actor),
  ),
  route('GET', '/me/copy', { summary: '我的个人信息副本', who: 'person' }, ({ db, parts, actor, at }) =>
    myCopy(db, parts.config.keys, actor, at),
  ),
  route(
    'GET',
    '/me/data-requests',
    { summary: '我的更正和注销申请', who: 'person', view: z.array(dataRequestView) },
    ({ db, parts, actor }) => myRequests(db, parts.config.keys, actor),
  ),
  route(
    'POST',
    '/me/data-requests',
    { summary: '申请更正或注销', who: 'person', input: askDataInput, view: doneView },
    ({ db, parts, actor, input, at }) => askForOwn(db, parts.config.keys, actor, input, at),
  ),
  route(
    'GET',
    '/data-requests',
    { summary: '个人信息申请', may: 'dataRequest.read', within: true, query: dataRequestQuery, view: dataRequestPage },
    ({ db, parts, actor, query }) => listRequests(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/data-requests',
    { summary: '登记个人信息申请', may: 'dataRequest.keep', input: fileDataInput, view: doneView },
    ({ db, parts, actor, input, at }) => fileForOther(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/data-requests/:id/copy',
    { summary: '给家属的副本', may: 'dataRequest.keep', input: nothing },
    ({ db, parts, actor, params, at }) => copyForRelatives(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/data-requests/:id/decision',
    { summary: '办结个人信息申请', may: 'dataRequest.keep', input: decideDataInput, view: doneView },
    ({ db, actor, params, input, at }) => decideRequest(db, actor, readId(params.id), input, at),
  ),
]
