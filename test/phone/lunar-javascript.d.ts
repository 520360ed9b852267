declare module 'lunar-javascript' {
  interface LunarDay {
    getMonthInChinese(): string
    getDayInChinese(): string
  }
  const lunar: { Solar: { fromYmd(year: number, month: number, day: number): { getLunar(): LunarDay } } }
  export default lunar
}
