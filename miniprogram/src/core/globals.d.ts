/** Where the API lives: '' in the browser (same origin), a host in the mini-program. Set by config/index.ts. */
declare const API_BASE: string

declare module '*.css'

declare module 'qrcode/lib/core/qrcode' {
  interface Matrix {
    size: number
    get(row: number, column: number): number | boolean
  }
  export function create(
    segments: { data: Uint8Array; mode: 'byte' }[],
    options: { errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
  ): { modules: Matrix }
}
