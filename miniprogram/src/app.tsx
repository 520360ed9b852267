import { useLaunch } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import { listenForPrivacy } from './core/privacy'
import { keepShell } from './core/shell'
import { startQueue } from './queue/queue'
import './app.css'

export default function App({ children }: PropsWithChildren) {
  useLaunch(listenForPrivacy)
  useLaunch(startQueue)
  useLaunch(keepShell)
  return children
}
