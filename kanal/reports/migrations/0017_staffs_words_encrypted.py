"""What staff write in answers and tasks is encrypted as citizens' words are.

Each batch is a transaction of its own and a row that is done already is passed over, so an interrupted run goes on where it
stopped. The type of the columns stays, so no table is built anew.
"""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kanal.common.secrets import EncryptedText, decrypted, encrypted, is_encrypted

BATCH = 500
COLUMNS = {"answer": ("text", "public_text"), "reporttask": ("instruction", "answer")}
Turn = Callable[[str], str]


def _turned(editor: BaseDatabaseSchemaEditor, table: str, columns: tuple[str, ...], turn: Turn) -> None:
    names, marks = ", ".join(columns), ", ".join(f"{name} = %s" for name in columns)
    last, rows = 0, [()]
    while rows:
        with transaction.atomic(editor.connection.alias), editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT id, {names} FROM {table} WHERE id > %s ORDER BY id LIMIT {BATCH}", [last])  # noqa: S608  # fixed names
            rows = cursor.fetchall()
            new = [(*(turn(word) for word in words), pk) for pk, *words in rows]
            cursor.executemany(f"UPDATE {table} SET {marks} WHERE id = %s", new)  # noqa: S608  # fixed names
        last = rows[-1][0] if rows else last


def _all(apps: Apps, editor: BaseDatabaseSchemaEditor, turn: Turn) -> None:
    for model, columns in COLUMNS.items():
        _turned(editor, apps.get_model("reports", model)._meta.db_table, columns, turn)  # noqa: SLF001  # Django's documented API


def close(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _all(apps, editor, lambda word: word if is_encrypted(word) else encrypted(word))


def open_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _all(apps, editor, lambda word: decrypted(word) if is_encrypted(word) else word)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reports", "0016_indexes_of_what_is_named")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("answer", "text", EncryptedText("jawaban")),
                migrations.AlterField("answer", "public_text", EncryptedText("jawaban untuk umum", blank=True, default="")),
                migrations.AlterField("reporttask", "instruction", EncryptedText("yang diminta")),
                migrations.AlterField("reporttask", "answer", EncryptedText("jawaban", blank=True, default="")),
            ]
        ),
        migrations.RunPython(close, open_again),
    ]
