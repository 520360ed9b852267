import { z } from 'zod'
import { nothing } from '../../shared/core/input'
import { doneView } from '../../shared/core/view'
import { invitedLoginInput } from '../../shared/elder/input'
import {
  accessInput,
  accountReasonInput,
  changeDeviceInput,
  demoLoginInput,
  deskLoginInput,
  passwordLoginInput,
  phoneLoginInput,
  proveInput,
  refreshInput,
  setLoginInput,
  wechatLoginInput,
} from '../../shared/session/input'
import {
  deskCodeView,
  identityView,
  loginSetupView,
  loginSetView,
  meView,
  ownDeviceView,
  securityView,
  tokensView,
  wechatLoginView,
} from '../../shared/session/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { resetLogin, setAccess, signOutStaff } from './accounts'
import { changeDevice, ownDevice } from './change-device'
import { demoIdentities, logInAsDemo } from './demo'
import { logInAtDesk, newDeskCode } from './desk'
import { logInInvited } from './invited'
import { findMe } from './me'
import { logInWithPassword, newLoginSetup, prove, setLogin } from './password'
import { refreshSession } from './refresh'
import { endSession, mySecurity } from './sessions'
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
    '/session/invited',
    { summary: '受邀的家人第一次登录', who: 'public', input: invitedLoginInput, view: tokensView },
    ({ parts, input, at }) => logInInvited(parts, input, at),
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
    { summary: '后台登录码', may: 'session.desk', view: deskCodeView },
    ({ db, parts, actor, at }) => newDeskCode(db, parts.config.keys, actor, at),
  ),
  route(
    'POST',
    '/session/password',
    { summary: '用密码和验证码登录', who: 'public', input: passwordLoginInput, view: tokensView },
    ({ db, parts, input, at }) => logInWithPassword(db, parts.config.keys, input, at),
  ),
  route(
    'POST',
    '/session/login-setup',
    { summary: '开始设登录密码', may: 'session.desk', input: nothing, view: loginSetupView },
    ({ parts, actor, at }) => newLoginSetup(parts.config.keys, actor, at),
  ),
  route(
    'POST',
    '/session/login',
    { summary: '设登录密码和验证器', may: 'session.desk', input: setLoginInput, view: loginSetView },
    ({ db, parts, actor, input, at }) => setLogin(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/session/proof',
    { summary: '再验证一次本人', may: 'session.desk', input: proveInput, view: doneView },
    ({ db, parts, actor, input, at }) => prove(db, parts.config.keys, actor, input, at),
  ),
  route('GET', '/sessions', { summary: '我在哪里登录着', who: 'person', view: securityView }, ({ db, actor, at }) =>
    mySecurity(db, actor, at),
  ),
  route(
    'POST',
    '/sessions/:id/revocation',
    { summary: '退出一处登录', who: 'person', input: nothing, view: doneView },
    ({ db, actor, params, at }) => endSession(db, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/staff/:id/access',
    { summary: '停用或恢复账号', may: 'staff.access', input: accessInput, view: doneView },
    ({ db, actor, params, input, at }) => setAccess(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/staff/:id/login-reset',
    { summary: '清掉密码和验证器', may: 'staff.access', input: accountReasonInput, view: doneView },
    ({ db, actor, params, input, at }) => resetLogin(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/staff/:id/sign-out',
    { summary: '退出这个人的全部登录', may: 'staff.access', input: accountReasonInput, view: doneView },
    ({ db, actor, params, input, at }) => signOutStaff(db, actor, readId(params.id), input, at),
  ),
  route('DELETE', '/session', { summary: '退出登录', who: 'person', view: doneView }, async ({ db, actor, at }) => {
    await db.session.updateMany({ where: { id: actor.sessionId, revokedAt: null }, data: { revokedAt: at } })
    return { id: actor.sessionId }
  }),
  route(
    'GET',
    '/me/device',
    { summary: '本人用哪部手机签到', who: 'person', view: ownDeviceView },
    ({ parts, actor, at }) => ownDevice(parts, actor, at),
  ),
  route(
    'POST',
    '/me/device',
    { summary: '换成这部手机', who: 'person', input: changeDeviceInput, view: meView },
    async ({ parts, actor, input, at }) => {
      await changeDevice(parts, actor, input, at)
      return findMe(parts, actor, at)
    },
  ),
  route('GET', '/me', { summary: '我是谁', who: 'person', view: meView }, ({ parts, actor, at }) =>
    findMe(parts, actor, at),
  ),
]
