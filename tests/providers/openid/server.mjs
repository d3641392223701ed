// A society's OpenID Connect provider for the tests: oidc-provider with rooms for our questions.
//
// POST /set-up    {clients, accounts, scopes}   a fresh provider
// POST /tamper    {claims, forge, alg, down}    what its next tokens say wrongly; down: nothing
// POST /signed    {claims, header, forge}       a token with these claims alone
// POST /told      {}                            what it has sent to our servers since it was set up
// A browser says who it is with the cookie "who"; "nobody" turns back.
import { createServer } from 'node:http';
import { generateKeyPair, exportJWK, importJWK, SignJWT, decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'society', alg: 'RS256', use: 'sig' };
const stranger = (await generateKeyPair('RS256', { extractable: true })).privateKey;
let provider;
let handle;
let wrong = {};
let told = [];

function made({ clients, accounts, scopes }) {
  const fresh = new Provider(issuer, {
    clients,
    jwks: { keys: [key] },
    cookies: { keys: ['only-for-the-tests'] },
    claims: { openid: ['sub'], ...scopes },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    fetch: async (url, { body }) => {
      told.push({ url: String(url), body: String(body) });
      return new Response('');
    },
    interactions: { url: (ctx, interaction) => `/door/${interaction.uid}` },
    findAccount: (ctx, id) =>
      accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
    renderError: (ctx, out) => { ctx.body = out; },
  });
  fresh.use(async (ctx, next) => {
    if (ctx.path.startsWith('/door/')) return door(fresh, ctx);
    await next();
    if (ctx.path === '/token' && ctx.body?.id_token) ctx.body.id_token = await said(ctx.body.id_token);
    return undefined;
  });
  return fresh;
}

async function door(at, ctx) {
  const { prompt, params, session, grantId } = await at.interactionDetails(ctx.req, ctx.res);
  const who = ctx.cookies.get('who', { signed: false });
  let result;
  if (!who || who === 'nobody') {
    result = { error: 'access_denied' };
  } else if (prompt.name === 'login') {
    result = { login: { accountId: who } };
  } else {
    const grant = (grantId && await at.Grant.find(grantId))
      || new at.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { consent: { grantId: await grant.save() } };
  }
  ctx.redirect(await at.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: true }));
}

async function said(token) {
  if (!wrong.claims && !wrong.forge && !wrong.alg) return token;
  const claims = { ...decodeJwt(token), ...wrong.claims };
  if (wrong.alg === 'none') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(claims)}.`;
  }
  if (wrong.alg === 'HS256') {
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .sign(new TextEncoder().encode(wrong.secret));
  }
  const signing = wrong.forge ? stranger : await importJWK(key, 'RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(signing);
}

async function signed({ claims, header, forge }) {
  const signing = forge ? stranger : await importJWK(key, 'RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(signing);
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

createServer(async (request, response) => {
  if (request.method === 'POST' && request.url === '/set-up') {
    provider = made(await body(request));
    handle = provider.callback();
    wrong = {};
    told = [];
    response.end('{}');
  } else if (request.method === 'POST' && request.url === '/signed') {
    response.end(JSON.stringify(await signed(await body(request))));
  } else if (request.method === 'POST' && request.url === '/told') {
    response.end(JSON.stringify(told));
  } else if (request.method === 'POST' && request.url === '/tamper') {
    wrong = await body(request);
    response.end('{}');
  } else if (wrong.down) {
    request.socket.destroy();
  } else if (handle) {
    handle(request, response);
  } else {
    response.statusCode = 503;
    response.end();
  }
}).listen(port, '127.0.0.1', () => console.log('ready'));
