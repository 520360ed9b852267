import { doneView } from '../../shared/core/view'
import { acceptProxyInput, inviteProxyInput, proxyActsQuery, proxyOfferInput } from '../../shared/elder/input'
import { invitationView, proxyActPage, proxyOfferView } from '../../shared/elder/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { acceptProxy, endInvitation, inviteProxy, readAuthorisation, readOffer, showInvitation } from './invitation'
import { revokeProxy } from './proxy'
import { listProxyActs } from './proxy-acts'

export const proxyRoutes = [
  route(
    'POST',
    '/proxy-invitations',
    {
      summary: '邀请家人代办',
      who: ['elder'],
      may: 'elder.keep',
      input: inviteProxyInput,
      view: invitationView,
      status: 201,
    },
    async ({ db, parts: { config }, actor, input, at }) => {
      const { id } = await inviteProxy(db, config.keys, actor, input, at)
      return showInvitation(db, config.keys, config.publicUrl, actor, id, at)
    },
  ),
  route(
    'GET',
    '/proxy-invitations/:id',
    { summary: '邀请码，有没有人接受', who: ['elder'], may: 'elder.keep', view: invitationView },
    ({ db, parts: { config }, actor, params, at }) =>
      showInvitation(db, config.keys, config.publicUrl, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/proxy-invitations/:id/paper',
    { summary: '授权书照片', may: 'elder.read' },
    ({ db, parts, actor, params, at }) => readAuthorisation(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/proxy-invitations/:id/ending',
    { summary: '不邀请了', who: ['elder'], may: 'elder.keep', view: doneView },
    ({ db, actor, params, at }) => endInvitation(db, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/proxy-invitations/offers',
    { summary: '扫到的邀请：替谁办，办什么', who: 'person', input: proxyOfferInput, view: proxyOfferView },
    ({ db, parts, actor, input, at }) => readOffer(db, parts.config.keys, actor, input.code, at),
  ),
  route(
    'POST',
    '/proxy-invitations/acceptances',
    { summary: '接受邀请，替老人办事', who: 'person', input: acceptProxyInput, view: doneView },
    ({ db, parts, actor, input, at }) => acceptProxy(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/proxies/:id/revocation',
    { summary: '停止代办', who: ['elder'], may: 'elder.keep', view: doneView },
    ({ db, actor, params, at }) => revokeProxy(db, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/elders/:id/proxy-acts',
    {
      summary: '谁替老人办了什么',
      who: ['elder', 'proxy'],
      may: 'elder.read',
      query: proxyActsQuery,
      view: proxyActPage,
    },
    ({ db, parts, actor, params, query }) => listProxyActs(db, parts.config.keys, actor, readId(params.id), query),
  ),
]
