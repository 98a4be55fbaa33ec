"""Messages to observers as acts of the desk, which can be taken back for a short time."""

from typing import Any
from uuid import UUID

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.people.messages import MessageIn, close_message, reopen_message, send_message
from api.review.acts import record_act
from schemas.columns import now
from schemas.desk import DeskAct, Message

MESSAGE, CLOSE = "message.send", "message.close"
"""The kinds of the acts."""


def send(work: Work, who: Principal, given: MessageIn) -> tuple[Message, int, UUID]:
    """Send a message; to how many, and the act. Raises as
    :func:`api.people.messages.send_message`."""
    message, count = send_message(work, who, given)
    return message, count, record_act(work, MESSAGE, str(message.id), {"message": str(message.id)})


def close(work: Work, who: Principal, message_id: UUID) -> UUID:
    """Close a message; the act. Raises as :func:`api.people.messages.close_message`."""
    found = close_message(work, who, message_id)
    return record_act(work, CLOSE, str(found.id), {"message": str(found.id)})


def undo_message(work: Work, act: DeskAct) -> dict[str, Any]:
    """Take a message back: phones show it no more. Who has read it has read it."""
    found = work.session.get_one(Message, (work.mission_id, UUID(act.before["message"])))
    found.closed_at = found.closed_at or now()
    work.session.add(found)
    work.log("message.withdraw", found.id)
    return {"message": found.id}


def undo_close(work: Work, act: DeskAct) -> dict[str, Any]:
    """Open a message again that was closed."""
    return {"message": reopen_message(work, UUID(act.before["message"])).id}
