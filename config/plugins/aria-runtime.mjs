import { mergeInternalComponents } from '@tarojs/shared'
import { ariaComponents } from './aria.mjs'

mergeInternalComponents(ariaComponents)
