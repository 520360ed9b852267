import { MapChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { init, use as install, registerMap } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { PlaceMap } from '../../../shared/region/map'

install([MapChart, TooltipComponent, CanvasRenderer])

export interface Shade {
  id: string
  name: string
  /** 0 … 4, none: the step of its colour, as the tile has it. */
  step: string
  /** What is said of it when it is touched. */
  words: string
}

/** Draws the places and follows the size of `element` and the theme; the answer takes it away again. */
export function drawMap(
  element: HTMLElement,
  { name, map, shades, open }: { name: string; map: PlaceMap; shades: readonly Shade[]; open: (id: string) => void },
): () => void {
  registerMap(name, map as unknown as Parameters<typeof registerMap>[1])
  const chart = init(element, undefined, { renderer: 'canvas' })
  const paint = () => chart.setOption(optionOf(name, shades))
  const sizes = new ResizeObserver(() => chart.resize())
  const themes = new MutationObserver(paint)
  sizes.observe(element)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  chart.on('click', ({ name: id }) => open(String(id)))
  paint()
  return () => {
    sizes.disconnect()
    themes.disconnect()
    chart.dispose()
  }
}

function optionOf(name: string, shades: readonly Shade[]) {
  const color = (token: string) => getComputedStyle(document.documentElement).getPropertyValue(token).trim()
  const of = (step: string, part: '' | '-text' | '-line') =>
    step === 'none'
      ? color(part === '' ? '--bg-sunken' : part === '-text' ? '--text-2' : '--line-strong')
      : color(`--cov-${step}${part}`)
  const byId = new Map(shades.map((one) => [one.id, one]))
  return {
    animation: false,
    aria: { enabled: false },
    tooltip: { trigger: 'item', formatter: ({ name: id }: { name: string }) => byId.get(id)?.words ?? '' },
    series: [
      {
        type: 'map',
        map: name,
        nameProperty: 'id',
        selectedMode: false,
        data: shades.map(({ id, name: word, step }) => ({
          name: id,
          itemStyle: { areaColor: of(step, ''), borderColor: color('--line-strong') },
          label: { show: true, color: of(step, '-text'), formatter: word, fontSize: 13 },
          emphasis: { label: { color: of(step, '-text') }, itemStyle: { areaColor: of(step, '-line') } },
        })),
        itemStyle: { areaColor: color('--bg-sunken'), borderColor: color('--line-strong') },
      },
    ],
  }
}
