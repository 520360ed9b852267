import { theme as antd, type ThemeConfig } from 'antd'
import { useEffect } from 'react'
import tokens from '../../../shared/tokens.json'
import { usePreference } from './preferences'
import { useMedia } from './use-media'

export type Face = 'light' | 'dark'

/** The face in use: what the person chose, else what the system asks for. Also marks the document, for the CSS. */
export function useFace(): { face: Face; chosen: string; choose: (value: string) => void } {
  const [chosen, choose] = usePreference('theme', 'system')
  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const face: Face = chosen === 'dark' || (chosen === 'system' && systemDark) ? 'dark' : 'light'
  useEffect(() => {
    document.documentElement.dataset.theme = face
  }, [face])
  return { face, chosen, choose }
}

/** antd's theme from the one token file. Placeholder and disabled text keep 4.5:1 on purpose. */
export function themeOf(face: Face): ThemeConfig {
  const color = tokens.color[face]
  return {
    algorithm: face === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: color.primary,
      colorPrimaryHover: color['primary-pressed'],
      colorPrimaryActive: color['primary-pressed'],
      colorPrimaryBg: color['primary-tint'],
      colorPrimaryBgHover: color['primary-tint-2'],
      colorPrimaryBorder: color['primary-line'],
      colorPrimaryText: color['primary-text'],
      colorPrimaryTextHover: color['primary-text-strong'],
      colorPrimaryTextActive: color['primary-text-strong'],
      colorSuccess: color['primary-text'],
      colorSuccessText: color['success-text'],
      colorSuccessBg: color['success-tint'],
      colorWarning: color['warning-text'],
      colorWarningText: color['warning-text'],
      colorWarningBg: color['warning-tint'],
      colorError: color.danger,
      colorErrorHover: color['danger-text'],
      colorErrorActive: color['danger-text'],
      colorErrorText: color['danger-text'],
      colorErrorBg: color['danger-tint'],
      colorInfo: color.info,
      colorInfoBg: color['info-tint'],
      colorLink: color.link,
      colorLinkHover: color['info-text'],
      colorLinkActive: color['info-text'],
      colorText: color.text,
      colorTextSecondary: color['text-2'],
      colorTextTertiary: color['text-3'],
      colorTextQuaternary: color['text-3'],
      colorTextDescription: color['text-3'],
      colorTextPlaceholder: color['text-3'],
      colorTextDisabled: color['text-3'],
      colorTextLightSolid: color['on-primary'],
      colorIcon: color['text-3'],
      colorIconHover: color.text,
      colorBgLayout: color['bg-page'],
      colorBgContainer: color['bg-card'],
      colorBgElevated: color['bg-card'],
      colorBgContainerDisabled: color['bg-sunken'],
      colorFillAlter: color['bg-sunken'],
      colorBorder: color['line-control'],
      colorBorderSecondary: color.line,
      colorSplit: color.line,
      fontFamily: tokens.type.family,
      fontSize: tokens.type.admin.body,
      lineHeight: 1.5,
      fontWeightStrong: tokens.type.weight.strong,
      borderRadius: tokens.radius.sm,
      borderRadiusLG: tokens.radius.md,
      controlHeight: tokens.touch.admin.button,
      controlHeightSM: tokens.touch.admin.min,
      controlHeightLG: tokens.touch.admin.row,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.2s',
      lineWidthFocus: 3,
    },
    components: {
      Table: {
        headerBg: color['bg-sunken'],
        headerColor: color['text-3'],
        headerSplitColor: 'transparent',
        rowHoverBg: color['bg-page'],
        rowSelectedBg: color['primary-tint'],
        rowSelectedHoverBg: color['primary-tint-2'],
        cellPaddingBlock: 11,
        cellPaddingInline: 12,
        cellPaddingBlockSM: 6,
        cellPaddingInlineSM: 10,
        borderColor: color.line,
      },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 600 },
      Card: { paddingLG: 18 },
      Tag: { defaultBg: color['bg-sunken'], defaultColor: color['text-2'] },
      Segmented: { trackBg: color['bg-sunken'], itemSelectedBg: color['bg-card'] },
      Select: { optionSelectedBg: color['primary-tint-2'], optionSelectedColor: color['primary-text-strong'] },
    },
  }
}
