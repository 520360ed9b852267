import QRCode from 'qrcode'
import { describe, expect, test } from 'vitest'
import { message, newWechatWorld, plate } from '../support/wechat-world'

describe('logging in', () => {
  test('tells who it is, and the session key stays inside', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    const answer = await wechat.codeToSession(emulator.loginCode(user.openid))
    expect(answer).toEqual({ ok: true, openid: user.openid, unionid: null })
  })

  test('tells the union id of a user who has one', async () => {
    const { wechat, emulator } = await newWechatWorld()
    const { openid } = emulator.addUser({ unionid: 'u-wang' })
    expect(await wechat.codeToSession(emulator.loginCode(openid))).toEqual({ ok: true, openid, unionid: 'u-wang' })
  })

  test('with a code that was used, ran out, is for something else or was made up needs a new code', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    const used = emulator.loginCode(user.openid)
    await wechat.codeToSession(used)
    expect(await wechat.codeToSession(used)).toEqual({ ok: false, reason: 'codeUsed', retryable: false })

    const invalid = { ok: false, reason: 'codeInvalid', retryable: false }
    expect(await wechat.codeToSession(emulator.phoneCode(user.openid))).toEqual(invalid)
    expect(await wechat.codeToSession('made-up')).toEqual(invalid)
    expect(await wechat.codeToSession('')).toEqual(invalid)
    const old = emulator.loginCode(user.openid)
    emulator.clock.advance(301)
    expect(await wechat.codeToSession(old)).toEqual(invalid)
  })

  test('at the last second of its five minutes a code still works', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    const code = emulator.loginCode(user.openid)
    emulator.clock.advance(300)
    expect(await wechat.codeToSession(code)).toMatchObject({ ok: true })
  })

  test('of a user whom WeChat blocks is refused for good', async () => {
    const { wechat, emulator } = await newWechatWorld()
    const { openid } = emulator.addUser({ blocked: true })
    const answer = await wechat.codeToSession(emulator.loginCode(openid))
    expect(answer).toEqual({ ok: false, reason: 'blocked', retryable: false })
  })

  test('a hundred and one times a minute is too often, and fine in the next minute', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    for (let turn = 0; turn < 100; turn++) await wechat.codeToSession(emulator.loginCode(user.openid))
    const code = emulator.loginCode(user.openid)
    expect(await wechat.codeToSession(code)).toEqual({ ok: false, reason: 'tooOften', retryable: true })
    emulator.clock.advance(60)
    expect(await wechat.codeToSession(code)).toMatchObject({ ok: true })
  })

  test.each([
    ['a wrong secret', { secret: '0'.repeat(32) }],
    ['a wrong app id', { appid: 'wx0000000000000000' }],
    ['no secret', { secret: '' }],
  ])('with %s is for the operator', async (_what, options) => {
    const { wechat, emulator, user } = await newWechatWorld(options)
    const misconfigured = { ok: false, reason: 'misconfigured', retryable: false }
    expect(await wechat.codeToSession(emulator.loginCode(user.openid))).toEqual(misconfigured)
    expect(await wechat.phoneOfCode(emulator.phoneCode(user.openid))).toEqual(misconfigured)
  })

  test("from an address that is not on WeChat's list is for the operator, who finds number and request id in the log", async () => {
    const { wechat, emulator, user, log } = await newWechatWorld()
    emulator.ipAllowed.value = false
    expect(await wechat.codeToSession(emulator.loginCode(user.openid))).toMatchObject({ reason: 'misconfigured' })
    expect(log).toEqual([
      {
        call: 'session',
        outcome: 'misconfigured',
        errcode: 40164,
        rid: expect.stringMatching(/^[\da-f-]{26}$/),
        tries: 1,
        ms: 0,
      },
    ])
  })
})

describe('the phone number', () => {
  test('comes with its country code as text, whichever way WeChat writes it', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    for (let turn = 0; turn < 12; turn++) {
      const answer = await wechat.phoneOfCode(emulator.phoneCode(user.openid))
      expect(answer).toEqual({ ok: true, phone: '13800001111', countryCode: '86' })
    }
  })

  test('of a code that was used, ran out or is for something else needs a new code', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    const invalid = { ok: false, reason: 'codeInvalid', retryable: false }
    const used = emulator.phoneCode(user.openid)
    await wechat.phoneOfCode(used)
    expect(await wechat.phoneOfCode(used)).toEqual(invalid)
    expect(await wechat.phoneOfCode(emulator.loginCode(user.openid))).toEqual(invalid)
    const old = emulator.phoneCode(user.openid)
    emulator.clock.advance(301)
    expect(await wechat.phoneOfCode(old)).toEqual(invalid)
  })

  test('stamped for another app than ours is not taken', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    const code = emulator.phoneCode(user.openid)
    await wechat.phoneOfCode(emulator.phoneCode(user.openid))
    emulator.appid = 'wx1111111111111111'
    expect(await wechat.phoneOfCode(code)).toEqual({ ok: false, reason: 'misconfigured', retryable: false })
  })
})

describe('a plate image', () => {
  test('carries its scene', async () => {
    const { wechat } = await newWechatWorld()
    const answer = await wechat.plateImage(plate)
    if (!answer.ok) throw new Error(answer.reason)
    expect(answer.type).toBe('image/png')
    expect(answer.bytes).toEqual(await QRCode.toBuffer(plate.scene, { width: 430, errorCorrectionLevel: 'Q' }))
  })

  test('of a page that is not published is for the operator; a build under test may open any page', async () => {
    const { wechat } = await newWechatWorld()
    const page = 'pages/new/index'
    expect(await wechat.plateImage({ ...plate, page })).toEqual({
      ok: false,
      reason: 'misconfigured',
      retryable: false,
    })
    expect(await wechat.plateImage({ ...plate, page, build: 'trial' })).toMatchObject({ ok: true })
  })

  test.each([
    ['scene', { scene: '' }],
    ['scene', { scene: 'a'.repeat(33) }],
    ['scene', { scene: '门牌' }],
    ['page', { page: '/pages/scan/index' }],
    ['page', { page: 'pages/scan/index?a=1' }],
    ['width', { width: 279 }],
    ['width', { width: Number.NaN }],
  ])('with a bad %s is never asked for', async (field, wrong) => {
    const { wechat, emulator } = await newWechatWorld()
    expect(await wechat.plateImage({ ...plate, ...wrong })).toEqual({
      ok: false,
      reason: 'badValue',
      retryable: false,
      field,
    })
    expect(emulator.requests).toEqual([])
  })

  test('five thousand and one times a minute is too often', async () => {
    const { wechat, emulator } = await newWechatWorld()
    for (let turn = 0; turn < 5000; turn++) emulator.count('plateImage', emulator.clock.minute(), 5000, 45009)
    expect(await wechat.plateImage(plate)).toEqual({ ok: false, reason: 'tooOften', retryable: true })
  })
})

describe('a message', () => {
  test('arrives once for one consent, and the second needs another', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done')
    expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: true })
    expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: false, reason: 'noConsent', retryable: false })
    const { openid, templateId, page, values } = message(user.openid)
    expect(emulator.messages).toEqual([{ openid, templateId, page, values, at: emulator.clock.now() }])
  })

  test('of a long-term template arrives every time, until the user switches it off', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done', 'longTerm')
    for (let turn = 0; turn < 3; turn++) expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: true })
    emulator.refuse(user.openid, 'visit-done')
    expect(await wechat.sendMessage(message(user.openid))).toMatchObject({ reason: 'noConsent' })
    expect(emulator.messages).toHaveLength(3)
  })

  test('with a value that WeChat would refuse is never sent, and costs no consent', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done')
    const long = { ...message(user.openid), values: { thing1: '陪'.repeat(21), time2: '09:00' } }
    expect(await wechat.sendMessage(long)).toEqual({ ok: false, reason: 'badValue', retryable: false, field: 'thing1' })
    expect(emulator.requests).toEqual([])
    expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: true })
  })

  test('without a value of its template is refused', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done')
    const half = { ...message(user.openid), values: { thing1: '陪同就医' } }
    expect(await wechat.sendMessage(half)).toEqual({ ok: false, reason: 'badValue', retryable: false })
  })

  test('to nobody is a bad value; of no template, or opening no page, is for the operator', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done')
    expect(await wechat.sendMessage(message('nobody'))).toMatchObject({ reason: 'badValue' })
    const send = (wrong: object) => wechat.sendMessage({ ...message(user.openid), ...wrong })
    expect(await send({ templateId: 'none' })).toMatchObject({ reason: 'misconfigured' })
    expect(await send({ page: 'pages/none' })).toMatchObject({ reason: 'misconfigured' })
  })

  test.each([
    ['release', 'formal'],
    ['trial', 'trial'],
    ['develop', 'developer'],
  ] as const)('of the %s build opens the %s one', async (build, state) => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done')
    await wechat.sendMessage({ ...message(user.openid), build })
    expect(emulator.requestsOf('message')[0]?.body).toMatchObject({ miniprogram_state: state })
  })
})

describe('a text', () => {
  test.each([
    ['今天陪王奶奶去了卫生院', 'pass'],
    ['要红包请加微信', 'review'],
    ['刷单返利，日入三百', 'risky'],
  ])('%s: %s', async (text, verdict) => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.loginCode(user.openid)
    expect(await wechat.checkText({ openid: user.openid, kind: 'comment', text })).toEqual({ ok: true, verdict })
  })

  test('of somebody who has not been here for two hours can not be judged', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    const check = () => wechat.checkText({ openid: user.openid, kind: 'comment', text: '你好' })
    const inactive = { ok: false, reason: 'inactiveUser', retryable: false }
    expect(await check()).toEqual(inactive)
    emulator.loginCode(user.openid)
    emulator.clock.advance(7200)
    expect(await check()).toMatchObject({ ok: true })
    emulator.clock.advance(1)
    expect(await check()).toEqual(inactive)
  })

  test.each(['', '  \n', '长'.repeat(2501)])(
    'that is empty or longer than 2500 characters is never sent',
    async (text) => {
      const { wechat, emulator, user } = await newWechatWorld()
      const answer = await wechat.checkText({ openid: user.openid, kind: 'comment', text })
      expect(answer).toMatchObject({ ok: false, reason: 'badValue', field: 'text' })
      expect(emulator.requests).toEqual([])
    },
  )
})

test('secret, session key, access token, codes and personal data never leave: not in a result and not in the log', async () => {
  const { wechat, emulator, user, log } = await newWechatWorld()
  const bodies: string[] = []
  const login = emulator.loginCode(user.openid)
  const phone = emulator.phoneCode(user.openid)
  const session = await wechat.codeToSession(login)
  await wechat.phoneOfCode(phone)
  bodies.push(
    JSON.stringify(session),
    JSON.stringify(await wechat.codeToSession(login)),
    JSON.stringify(Object.keys(wechat)),
  )
  await wechat.sendMessage(message(user.openid))
  const logged = JSON.stringify(log)
  const token = emulator.tokens.current?.token ?? ''
  expect(token).not.toBe('')
  expect(log.length).toBeGreaterThanOrEqual(4)
  for (const secret of [emulator.secret, token, login, phone]) expect(bodies.join() + logged).not.toContain(secret)
  expect(bodies.join()).not.toMatch(/session_?key/i)
  for (const personal of [user.openid, user.phone, '陪同就医']) expect(logged).not.toContain(personal)
})
