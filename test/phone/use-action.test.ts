// @vitest-environment jsdom
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, test, vi } from 'vitest'

const storage = vi.hoisted(() => new Map<string, unknown>())
vi.mock('@tarojs/taro', () => ({
  default: {
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => storage.set(key, value),
    removeStorageSync: (key: string) => storage.delete(key),
    getRandomValues: ({
      length,
      success,
    }: {
      length: number
      success: (made: { randomValues: ArrayBuffer }) => void
    }) => success({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
  },
}))
vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

const { CallError } = await import('../../miniprogram/src/core/call')
const { useAction } = await import('../../miniprogram/src/core/use-action')
type Action<A extends unknown[]> = ReturnType<typeof useAction<A>>

const noAnswer = () => new CallError(0, { code: 'NO_ANSWER', sentence: '没有网络' })

type Act = (id: string, what: string) => Promise<unknown>
interface PageProps {
  press: Act
  options?: { keptAs?: string }
  show: (action: Action<[string]>) => void
}

function Page({ press, options, show }: PageProps) {
  show(useAction(press, options))
  return null
}

/** A page with one action; `now()` is the action as last rendered. */
async function pageWith(press: Act, options?: { keptAs?: string }) {
  let shown: Action<[string]> | null = null
  const show = (action: Action<[string]>) => {
    shown = action
  }
  const root = createRoot(document.createElement('div'))
  await act(async () => root.render(createElement(Page, { press, options, show })))
  const now = (): Action<[string]> => {
    if (shown === null) throw new Error('the page is not there')
    return shown
  }
  return { now, leave: () => act(async () => root.unmount()) }
}

beforeEach(() => storage.clear())

test('a double tap is one press', async () => {
  const ids: string[] = []
  const { now } = await pageWith(async (id) => ids.push(id))
  await act(async () => {
    await Promise.all([now().run('a'), now().run('a')])
  })
  expect(ids).toHaveLength(1)
})

test('a press that had no answer is repeated under its id, until it is answered', async () => {
  const ids: string[] = []
  let network = false
  const { now } = await pageWith(async (id) => {
    ids.push(id)
    if (!network) throw noAnswer()
  })
  await act(() => now().run('a'))
  expect(now().failure?.code).toBe('NO_ANSWER')
  network = true
  await act(() => now().run('a'))
  expect(now().failure).toBeNull()
  await act(() => now().run('a'))
  expect(ids[1]).toBe(ids[0])
  expect(ids[2]).not.toBe(ids[0])
})

test('another wish gets another id', async () => {
  const ids: string[] = []
  const { now } = await pageWith(async (id) => {
    ids.push(id)
    throw noAnswer()
  })
  await act(() => now().run('a'))
  await act(() => now().run('b'))
  expect(ids[1]).not.toBe(ids[0])
})

test('a press that was refused was answered: the next one is new', async () => {
  const ids: string[] = []
  const { now } = await pageWith(async (id) => {
    ids.push(id)
    throw new CallError(409, { code: 'OUT_OF_STOCK', sentence: '已经换完了' })
  })
  await act(() => now().run('a'))
  expect(now().failure?.sentence).toBe('已经换完了')
  await act(() => now().run('a'))
  expect(ids[1]).not.toBe(ids[0])
})

test('a press that is kept outlives its page', async () => {
  const ids: string[] = []
  const check = async (id: string) => {
    ids.push(id)
    throw noAnswer()
  }
  const first = await pageWith(check, { keptAs: 'checkIn' })
  await act(() => first.now().run('plate'))
  await first.leave()
  const second = await pageWith(check, { keptAs: 'checkIn' })
  await act(() => second.now().run('plate'))
  expect(ids[1]).toBe(ids[0])
})
