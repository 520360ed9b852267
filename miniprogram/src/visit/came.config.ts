export default definePageConfig({ navigationBarTitleText: '来过的人' })
