import { useLaunch } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import { listenForPrivacy } from './core/privacy'
import './app.css'

export default function App({ children }: PropsWithChildren) {
  useLaunch(listenForPrivacy)
  return children
}
