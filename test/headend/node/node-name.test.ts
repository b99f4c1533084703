import t from 'tap'
import { isNodeName } from '../../../headend/node/node-name.js'

t.test('a node name is what topics, client ids and file names take unchanged', async (t) => {
  for (const [name, allowed] of [
    ['n1', true],
    ['cn-shandong_7.example', true],
    ['7', true],
    ['n'.repeat(60), true],
    ['n'.repeat(61), false],
    ['', false],
    ['a/b', false],
    ['../../x', false],
    ['.hidden', false],
    ['-n', false],
    ['n 1', false],
    ['n#', false],
    ['n+', false],
    ['节点', false],
    ['n1\n', false],
  ] as const)
    t.equal(isNodeName(name), allowed, JSON.stringify(name))
})
