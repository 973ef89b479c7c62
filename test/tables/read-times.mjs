/** Started under some zone: prints what it reads of a folder's tables, for `zones.test.ts`. */
const [folder, door] = process.argv.slice(2);
const { openCustomers, readCustomers } = await import(door);
const now = new Date("2026-11-26T12:00:00Z");
const found = [];
for (const name of ["customers.parquet", "customers.json", "customers.csv"]) {
  const reader = await readCustomers({ customers: { source: `${folder}/${name}` }, now });
  for await (const batch of reader) {
    const days = batch.table.columns.get("since");
    found.push([name, batch.ids, batch.consents, days?.kind === "number" ? [...days.values] : null]);
  }
}
const opened = await openCustomers({ calls: { source: `${folder}/calls.parquet` } });
const { since, at } = await opened.transitions();
await opened.close();
found.push([[...since], [...at]]);
console.log(JSON.stringify(found));
