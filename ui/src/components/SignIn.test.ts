import { DefaultApolloClient } from '@vue/apollo-composable';
import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import { authorizationHeader, useSession } from '../graphql/session.js';
import { createFakeServer } from '../testing/fake-server.js';
import SignIn from './SignIn.vue';

beforeEach(() => useSession().signOut());

function open() {
  const server = createFakeServer();
  return { server, form: mount(SignIn, { global: { provide: { [DefaultApolloClient]: server.client } } }) };
}

describe('the form to sign in', () => {
  it('tries credentials before it takes them, and says why they are refused', async () => {
    const { server, form } = open();
    await form.get('input[name="token"]').setValue('wrong');
    await form.get('form').trigger('submit');
    expect(authorizationHeader()).toBeUndefined();
    server.reached[0]?.fail(Object.assign(new Error('401'), { statusCode: 401, result: { errors: [{ message: 'unknown token' }] } }));
    await flushPromises();
    expect(form.get('[role="alert"]').text()).toBe('unknown token');
    expect(authorizationHeader()).toBeUndefined();
  });

  it('takes a user and a password as well', async () => {
    const { server, form } = open();
    await form.findAll('.segments button')[1]?.trigger('click');
    await form.get('input[name="user"]').setValue('ada');
    await form.get('input[name="password"]').setValue('secret');
    await form.get('form').trigger('submit');
    server.reached[0]?.answer({ me: { name: 'ada', roles: ['viewer'] } });
    server.reached[0]?.end();
    await flushPromises();
    expect(authorizationHeader()).toBe(`Basic ${btoa('ada:secret')}`);
  });
});
