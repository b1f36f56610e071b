/**
 * The layers of design §3 as failing rules. `test/architecture/layer-rules.spec.ts` breaks each of them once and watches.
 */
const PURE =
  '^libs/(calendar|jose-profile|scheme|ledger|attestation|status-list|equivalence|offers|alliance|verifier|wallet)/src/';
const NODE_PORT = '^libs/jose-profile/src/node-crypto\\.ts$';
/** The builders of libs/testing that need no test runner: for the bench. */
const TEST_BUILDERS = '^libs/testing/src/alliance\\.ts$';
/** The part of libs/platform that loads no Nest: for the first moments of a process. */
const PLATFORM_BOOT = '^libs/platform/src/boot\\.ts$';
const TEST_CODE = '\\.spec\\.ts$|^test/|^libs/testing/';

/** A package by its name, however it was resolved. */
const pkg = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Code that depends on itself cannot be read top to bottom; decorated classes in a cycle crash at load.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'Every import leads somewhere.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'pure-no-node',
      severity: 'error',
      comment:
        'The verifier runs in a turnstile, a server and a page: no file, clock, process or network in pure libraries.',
      from: { path: PURE, pathNot: [NODE_PORT, TEST_CODE] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-few-packages',
      severity: 'error',
      comment: 'A pure library uses other pure libraries and a deflater; no framework, database or network.',
      from: { path: PURE, pathNot: [NODE_PORT, TEST_CODE] },
      to: { path: '(^|/)node_modules/', pathNot: [pkg('fflate')] },
    },
    {
      name: 'pure-only-pure',
      severity: 'error',
      comment:
        'What a pure library builds on is pure, and reaches cryptography through the port, never the Node side of it.',
      from: { path: PURE, pathNot: TEST_CODE },
      to: { path: '^(libs|apps|bench|test|tools)/', pathNot: PURE },
    },
    {
      name: 'pure-not-the-node-port',
      severity: 'error',
      comment: 'The cryptography port is passed in.',
      from: { path: PURE, pathNot: [TEST_CODE] },
      to: { path: NODE_PORT },
    },
    {
      name: 'jose-in-one-place',
      severity: 'error',
      comment: 'Nothing but libs/jose-profile touches raw JOSE; specs may use it as a peer.',
      from: { pathNot: ['^libs/jose-profile/src/', TEST_CODE] },
      to: { path: pkg('jose') },
    },
    {
      name: 'crypto-in-few-places',
      severity: 'error',
      comment:
        'node:crypto signs and verifies behind libs/jose-profile only. What runs on Node draws ids and digests from it (which functions: test/architecture); the bench measures against it.',
      from: {
        pathNot: [
          '^libs/(jose-profile|platform|staff|messaging|local-services)/src/',
          '^apps/[^/]+/src/',
          '^bench/',
          TEST_CODE,
        ],
      },
      to: { path: '^(node:)?crypto$', dependencyTypes: ['core'] },
    },
    {
      name: 'libs-not-apps',
      severity: 'error',
      comment: 'Apps import libraries, never the other way round.',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-apart',
      severity: 'error',
      comment: 'Apps talk over the wire. Only apps/standalone imports other apps, through their index.',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-by-index',
      severity: 'error',
      comment: 'An app shows others its index.ts, no more.',
      from: { path: '^(apps/[^/]+|test|bench)/' },
      to: { path: '^apps/[^/]+/src/', pathNot: ['^$1/', '^apps/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'libs-by-index',
      severity: 'error',
      comment:
        "A library's index.ts is its whole surface; jose-profile also has its Node port, platform its boot, testing its builders.",
      from: { path: '^(libs/[^/]+|apps|test|bench)/' },
      to: {
        path: '^libs/[^/]+/src/',
        pathNot: ['^$1/', '^libs/[^/]+/src/index\\.ts$', NODE_PORT, PLATFORM_BOOT, TEST_BUILDERS],
      },
    },
    {
      name: 'libs-by-name',
      severity: 'error',
      comment: 'Another library is imported as #libs/NAME, never by a relative path.',
      from: { path: '^(libs/[^/]+|apps|test|bench)/' },
      to: { path: '^libs/', pathNot: '^$1/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'testing-from-tests',
      severity: 'error',
      comment: 'Key factories and fake clocks stay out of production code.',
      from: { pathNot: [TEST_CODE, '^bench/'] },
      to: { path: ['^libs/testing/', '^test/', '\\.spec\\.ts$'] },
    },
    {
      name: 'dev-dependencies-from-tests',
      severity: 'error',
      comment: 'What is not installed in production is not imported there.',
      from: { path: '^(apps|libs)/', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'declared-packages',
      severity: 'error',
      comment: 'A package that package.json does not name may vanish with the next install.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'node', 'import', 'require', 'default'],
      exportsFields: ['exports'],
      mainFields: ['main', 'types', 'typings'],
    },
  },
};
