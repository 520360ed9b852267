type Tokens = typeof import('../shared/tokens.json')
export interface Picture {
  box: string
  body: string
}
export function tokensCss(tokens: Tokens, app: 'miniprogram' | 'admin'): string
export function symbolsOf(svg: string): Record<string, Picture>
export function iconsCss(symbols: Record<string, Picture>, names: readonly string[], tokens: Tokens): string
export function drawingsCss(symbols: Record<string, Picture>): string
export function iconsUsed(names: readonly string[], sources: readonly string[]): string[]
export function picturesModule(icons: string, drawings: string): string
export function writeTokens(): void
export function writePictures(): void
