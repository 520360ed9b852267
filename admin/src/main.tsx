import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntApp, ConfigProvider } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { IconSprite } from './components/icon'
import { CallError } from './core/call'
import './core/tokens.css'
import './core/style.css'
import { themeOf, useFace } from './core/theme'
import { router } from './routes'

dayjs.locale('zh-cn')

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays a refusal; only silence and overload are worth asking again.
      retry: (failures, error) =>
        failures < 2 && error instanceof CallError && (error.status === 0 || error.status === 503),
    },
  },
})

/** Inside the dialog that asked, so that its focus trap lets them in; else inside the page's landmark. */
function popupHome(asker?: HTMLElement): HTMLElement {
  return asker?.closest<HTMLElement>('[role="dialog"]') ?? document.getElementById('main') ?? document.body
}

function Admin() {
  const { face } = useFace()
  return (
    <ConfigProvider
      locale={zhCN}
      theme={themeOf(face)}
      wave={{ disabled: true }}
      getPopupContainer={popupHome}
      button={{ autoInsertSpace: false }}
    >
      <AntApp component={false}>
        <QueryClientProvider client={queries}>
          <IconSprite />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  )
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <Admin />
    </StrictMode>,
  )
