/** Surnames of two characters that residents really have; a name that begins with one keeps both. */
const COMPOUND_SURNAMES = new Set(
  (
    '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 长孙 宇文 夏侯 端木 南宫 轩辕 独孤 闻人 百里 东郭 西门 第五 淳于 ' +
    '单于 申屠 呼延 钟离 赫连 澹台 公冶 宗政 濮阳 太叔 仲孙 司空 鲜于 闾丘 万俟 拓跋'
  ).split(' '),
);

/**
 * A name as a clerk may compare it with a document: surname, one asterisk however long the rest is, and the last character
 * of a given name of two or more (王小明 → 王*明, 王明 → 王*, 欧阳明 → 欧阳*). A name in another script or with a middle dot
 * keeps its first and last character. Never the whole name.
 */
export function maskedName(name: string): string {
  const characters = Array.from(name.trim());
  const surnameLength = COMPOUND_SURNAMES.has(characters.slice(0, 2).join('')) && characters.length > 2 ? 2 : 1;
  const surname = characters.slice(0, surnameLength).join('');
  const given = characters.slice(surnameLength);
  return `${surname}*${given.length > 1 ? given.at(-1) : ''}`;
}
