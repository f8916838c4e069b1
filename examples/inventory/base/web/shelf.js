export async function load(code) {
  const answer = await fetch(`/item/${encodeURIComponent(code)}`);
  if (!answer.ok) throw new Error(`no item ${code}`);
  return answer.json();
}
