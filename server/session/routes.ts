import { z } from 'zod'
import { doneView } from '../../shared/core/view'
import {
  demoLoginInput,
  deskLoginInput,
  phoneLoginInput,
  refreshInput,
  wechatLoginInput,
} from '../../shared/session/input'
import { deskCodeView, identityView, meView, ROLES, tokensView, wechatLoginView } from '../../shared/session/view'
import { route } from '../core/route'
import { demoIdentities, logInAsDemo } from './demo'
import { logInAtDesk, newDeskCode } from './desk'
import { findMe } from './me'
import { refreshSession } from './refresh'
import { logInWithPhone, logInWithWechat } from './wechat'

export const sessionRoutes = [
  route(
    'GET',
    '/session/identities',
    { summary: '演示身份', who: 'public', view: z.array(identityView) },
    ({ parts }) => demoIdentities(parts),
  ),
  route(
    'POST',
    '/session/demo',
    { summary: '以演示身份登录', who: 'public', input: demoLoginInput, view: tokensView },
    ({ parts, input, at }) => logInAsDemo(parts, input, at),
  ),
  route(
    'POST',
    '/session/wechat',
    { summary: '微信登录', who: 'public', input: wechatLoginInput, view: wechatLoginView },
    ({ parts, input, at }) => logInWithWechat(parts, input, at),
  ),
  route(
    'POST',
    '/session/phone',
    { summary: '绑定手机号并登录', who: 'public', input: phoneLoginInput, view: tokensView },
    ({ parts, input, at }) => logInWithPhone(parts, input, at),
  ),
  route(
    'POST',
    '/session/refresh',
    { summary: '续期', who: 'public', input: refreshInput, view: tokensView },
    ({ db, parts, input, at }) => refreshSession(db, parts.config.keys, input, at),
  ),
  route(
    'POST',
    '/session/desk',
    { summary: '用手机上的登录码登录后台', who: 'public', input: deskLoginInput, view: tokensView },
    ({ db, parts, input, at }) => logInAtDesk(db, parts.config.keys, input, at),
  ),
  route(
    'POST',
    '/session/desk-codes',
    { summary: '后台登录码', who: ROLES, view: deskCodeView },
    ({ db, parts, actor, at }) => newDeskCode(db, parts.config.keys, actor, at),
  ),
  route('DELETE', '/session', { summary: '退出登录', who: 'person', view: doneView }, async ({ db, actor, at }) => {
    await db.session.updateMany({ where: { id: actor.sessionId, revokedAt: null }, data: { revokedAt: at } })
    return { id: actor.sessionId }
  }),
  route('GET', '/me', { summary: '我是谁', who: 'person', view: meView }, ({ parts, actor, at }) =>
    findMe(parts, actor, at),
  ),
]
