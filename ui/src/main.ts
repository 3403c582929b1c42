import { DefaultApolloClient } from '@vue/apollo-composable';
import { createApp } from 'vue';
import { createWebHistory } from 'vue-router';
import App from './App.vue';
import { createGraphqlClient } from './graphql/client.js';
import { createPages } from './router.js';
import './theme/tokens.css';
import './theme/base.css';

createApp(App)
  .provide(DefaultApolloClient, createGraphqlClient(new URL(window.location.href)))
  .use(createPages(createWebHistory()))
  .mount('#app');
