export default defineAppConfig({
  pages: ['session/login'],
  window: {
    navigationStyle: 'custom',
    navigationBarTitleText: '睦邻',
    navigationBarTextStyle: '@navigationText',
    navigationBarBackgroundColor: '@page',
    backgroundColor: '@page',
    backgroundTextStyle: '@pull',
  },
  // A page that slides in is a moving target; the browser's pages just stand there. WeChat has no such key.
  ...(process.env.TARO_ENV === 'h5' && { animation: false }),
  darkmode: true,
  themeLocation: 'theme.json',
  lazyCodeLoading: 'requiredComponents',
  requiredPrivateInfos: ['getLocation'],
  permission: { 'scope.userLocation': { desc: '只在开始和结束帮忙时记一次位置，不给也能用' } },
})
